"""Checks rendered manifests: `python check.py rendered/*.yaml rendered/prod.yaml+restore.yaml`. Files with a plus
between them belong together.

Everything against Kubernetes's own schemas, strictly; custom resources against those in schemas/;
and what no schema knows: that what is referred to is there, and that pods keep to our rules.
"""

import base64
import json
import re
import sys
from pathlib import Path

import jsonschema
import kubernetes_validate
import yaml

VERSION = "1.37"
SCHEMAS = Path(__file__).parent / "schemas"
# The image that is built here. A release names it by its digest, too.
OURS = "ticketing/ticketing"
# What belongs to no namespace, so that only a role of the whole cluster can be about it.
CLUSTER_WIDE = {"namespaces", "gatewayclasses", "gatewayclasses/status"}
# How long a service keeps an idle connection open, in seconds.
IDLE = 10


def schema_faults(thing):
    group, _, version = thing["apiVersion"].partition("/")
    file = SCHEMAS / f"{group}_{version}.json"
    if not file.exists():
        try:
            kubernetes_validate.validate(thing, VERSION, strict=True)
        except kubernetes_validate.ValidationError as error:
            yield f"{'.'.join(map(str, error.path))}: {error.message}"
        except kubernetes_validate.SchemaNotFoundError:
            yield "there is no schema for it"
        return
    schema = json.loads(file.read_text())
    schema = {"$ref": f"#/$defs/{thing['kind']}", "$defs": schema["$defs"]}
    for error in jsonschema.Draft202012Validator(schema).iter_errors(thing):
        yield f"{'.'.join(map(str, error.path))}: {error.message}"


def pod_of(thing):
    if thing["kind"] == "Pod":
        return thing
    spec = thing.get("spec", {})
    if thing["kind"] == "CronJob":
        spec = spec["jobTemplate"]["spec"]
    return spec.get("template") if thing["kind"] in ("Deployment", "StatefulSet", "Job", "CronJob") else None


def references(pod):
    """What the pod needs to be there: kind, name, and the key if it is about one."""
    for volume in pod.get("volumes", []):
        if "configMap" in volume:
            yield "ConfigMap", volume["configMap"]["name"], None
        if "secret" in volume:
            for item in volume["secret"].get("items", [{"key": None}]):
                yield "Secret", volume["secret"]["secretName"], item["key"]
        if "persistentVolumeClaim" in volume:
            yield "PersistentVolumeClaim", volume["persistentVolumeClaim"]["claimName"], None
    for container in pod["containers"]:
        for source in container.get("envFrom", []):
            if "configMapRef" in source:
                yield "ConfigMap", source["configMapRef"]["name"], None
            if "secretRef" in source:
                yield "Secret", source["secretRef"]["name"], None
        for variable in container.get("env", []):
            key = variable.get("valueFrom", {}).get("secretKeyRef")
            if key:
                yield "Secret", key["name"], key["key"]
    yield "ServiceAccount", pod.get("serviceAccountName", "default"), None


def keys_of(things):
    """The keys of each Secret, as far as they can be known: not those taken whole from a store."""
    for thing in things:
        if thing["kind"] == "Secret":
            yield thing["metadata"]["name"], set(thing["data"])
        if thing["kind"] == "ExternalSecret":
            template = thing["spec"].get("target", {}).get("template", {}).get("data")
            yield thing["metadata"]["name"], set(template) if template else None


def pod_faults(thing, pod, there, keys):
    spec = pod["spec"]
    for kind, name, key in references(spec):
        if (kind, name) not in there and not (kind, name) == ("ServiceAccount", "default"):
            yield f"refers to the {kind} {name}, which is not there"
        elif kind == "Secret" and key and keys[name] is not None and key not in keys[name]:
            yield f"refers to {key} in the Secret {name}, where it is not"
    context = spec.get("securityContext", {})
    if not context.get("runAsNonRoot") or context.get("seccompProfile", {}).get("type") != "RuntimeDefault":
        yield "its pod is not restricted"
    for container in spec["containers"]:
        name, own = container["name"], container.get("securityContext", {})
        if own.get("allowPrivilegeEscalation") is not False or own.get("capabilities", {}).get("drop") != ["ALL"]:
            yield f"{name} is not restricted"
        if not re.search("@sha256:[0-9a-f]{64}$", container["image"]) and container["image"].split(":")[0] != OURS:
            yield f"{name} names its image {container['image']} by a tag, which may come to mean another one"
        if not own.get("readOnlyRootFilesystem"):
            yield f"{name} may write to its image"
        for limit in ("cpu", "memory"):
            for which in ("requests", "limits"):
                if limit not in container.get("resources", {}).get(which, {}):
                    yield f"{name} has no {which} of {limit}"
        if thing["kind"] in ("Deployment", "StatefulSet"):
            for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
                if probe not in container:
                    yield f"{name} has no {probe}"


def matches(selector, labels):
    return all(labels.get(key) == value for key, value in selector.get("matchLabels", selector).items())


def network_faults(things, pods):
    """Each pod is named by a policy of its own, and each policy names pods that are there."""
    policies = [thing for thing in things if thing["kind"] == "NetworkPolicy"]
    for policy in policies:
        if not any(matches(policy["spec"]["podSelector"], labels) for labels in pods.values()):
            yield f"NetworkPolicy {policy['metadata']['name']}", "applies to no pod"
    for name, labels in pods.items():
        own = [p for p in policies if p["spec"]["podSelector"] and matches(p["spec"]["podSelector"], labels)]
        if not own:
            yield name, "no network policy says what it may do"
    if pods and not any(p["spec"]["podSelector"] == {} and len(p["spec"]["policyTypes"]) == 2 for p in policies):
        yield "the network policies", "do not deny by default"


def route_faults(things, services):
    for thing in things:
        name = f"{thing['kind']} {thing['metadata']['name']}"
        if thing["kind"] == "HTTPRoute":
            for rule in thing["spec"]["rules"]:
                for backend in rule.get("backendRefs", []):
                    if (backend["name"], backend["port"]) not in services:
                        yield name, f"leads to {backend}, which is not there"
        if thing["kind"] == "Ingress":
            for rule in thing["spec"]["rules"]:
                for path in rule["http"]["paths"]:
                    if path["backend"]["service"]["port"] != {"name": "http"}:
                        yield name, f"leads to {path['backend']['service']}, which is not for visitors"
        # Nobody comes to it but by the pod's own address: the kubelet and Prometheus.
        if thing["kind"] == "Service":
            for port in thing["spec"]["ports"]:
                if "operators" in (port.get("name"), port.get("targetPort")):
                    yield name, "leads to the port for operators"


def role_faults(things):
    """A role of the whole cluster is about what belongs to no namespace alone."""
    for thing in things:
        if thing["kind"] == "ClusterRole":
            for rule in thing["rules"]:
                for resource in set(rule["resources"]) - CLUSTER_WIDE:
                    yield f"ClusterRole {thing['metadata']['name']}", f"is about {resource} of every namespace"


def seconds(flags, flag):
    found = re.fullmatch("([0-9]+)s", flags.get(flag, ""))
    return int(found[1]) if found else None


def gateway_faults(things):
    """Traefik waits for nobody who has vanished, and answers until nobody asks it any more."""
    for thing in things:
        spec = (pod_of(thing) or {}).get("spec", {})
        for container in spec.get("containers", []):
            if container["image"].split(":")[0] != "traefik":
                continue
            name, forwarding = f"{thing['kind']} {thing['metadata']['name']}", "--serverstransport.forwardingtimeouts"
            flags = {flag: value for flag, _, value in (argument.partition("=") for argument in container["args"])}
            dial, idle = seconds(flags, f"{forwarding}.dialtimeout"), seconds(flags, f"{forwarding}.idleconntimeout")
            if dial is None or dial > 1:
                yield name, "lets requests wait for a pod that has vanished"
            if idle is None or idle >= IDLE:
                yield name, "keeps connections that services close"
            life = "--entrypoints.web.transport.lifecycle"
            accept, finish = seconds(flags, f"{life}.requestacceptgracetimeout"), seconds(flags, f"{life}.gracetimeout")
            if not accept or not finish or accept + finish >= spec["terminationGracePeriodSeconds"]:
                yield name, "is ended before it has answered"


def settings_of(things):
    """What each ConfigMap and Secret with settings says, as text."""
    for thing in things:
        name = f"{thing['kind']} {thing['metadata']['name']}"
        if thing["kind"] == "ConfigMap":
            yield name, thing["data"]
        if thing["kind"] == "Secret":
            yield name, {key: base64.b64decode(value).decode() for key, value in thing["data"].items()}
        if thing["kind"] == "ExternalSecret":
            yield name, thing["spec"].get("target", {}).get("template", {}).get("data", {})


def address_faults(things, services):
    """Addresses in settings are those of Services, or of one pod behind one."""
    for name, settings in settings_of(things):
        for key, value in settings.items():
            if not key.isupper():
                continue
            for host, port in re.findall(r"(?:^|[/@,=])([a-z][a-z0-9.-]*):([0-9]+)", value):
                if host != "localhost" and (host.split(".")[-1], int(port)) not in services:
                    yield name, f"{key} leads to {host}:{port}, which is not there"


def port_faults(things):
    """A service listens where its pod says it does."""
    settings = dict(settings_of(things))
    for thing in things:
        for container in pod_of(thing)["spec"]["containers"] if pod_of(thing) else []:
            ports = {port.get("name"): port["containerPort"] for port in container.get("ports", [])}
            for source in container.get("envFrom", []):
                own = settings.get(f"ConfigMap {source.get('configMapRef', {}).get('name')}", {})
                for variable, port in (("LISTEN_ADDR", "http"), ("OPERATOR_LISTEN", "operators")):
                    address = own.get(variable)
                    if address and int(address.split(":")[-1]) != ports.get(port):
                        yield f"{thing['kind']} {thing['metadata']['name']}", f"listens on {address}, not where it says"


def faults(things):
    there = {(thing["kind"], thing["metadata"]["name"]) for thing in things}
    there |= {("Secret", thing["metadata"]["name"]) for thing in things if thing["kind"] == "ExternalSecret"}
    keys, pods = dict(keys_of(things)), {}
    for thing in things:
        name = f"{thing['kind']} {thing['metadata']['name']}"
        for fault in schema_faults(thing):
            yield name, fault
        pod = pod_of(thing)
        if pod:
            pods[name] = pod["metadata"]["labels"]
            for fault in pod_faults(thing, pod, there, keys):
                yield name, fault
    services = {
        (thing["metadata"]["name"], port["port"])
        for thing in things if thing["kind"] == "Service" for port in thing["spec"]["ports"]
    }
    yield from network_faults(things, pods)
    yield from route_faults(things, services)
    yield from role_faults(things)
    yield from gateway_faults(things)
    yield from address_faults(things, services)
    yield from port_faults(things)


def main(files):
    found = 0
    for file in files:
        parts = [yaml.safe_load_all(Path(part).read_text()) for part in file.split("+")]
        things = [thing for part in parts for thing in part if thing]
        for name, fault in faults(things):
            print(f"{file}: {name}: {fault}")
            found += 1
        print(f"{file}: {len(things)} objects checked")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
