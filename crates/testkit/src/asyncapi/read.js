const { Parser } = require("@asyncapi/parser");
const { readFileSync } = require("node:fs");

// Errors and warnings; what is milder is advice.
const WARNING = 1;

new Parser().parse(readFileSync(0, "utf8")).then(({ document, diagnostics }) => {
  const grave = diagnostics.filter(({ severity }) => severity <= WARNING);
  for (const { code, message, path } of grave) console.log(`${path.join(".")}: ${message} (${code})`);
  if (!document && grave.length === 0) console.log("it cannot be read");
});
