#!/bin/sh
# Renders the overlays, and the routes that neither of them takes, into rendered/:
#   infra/render.sh            does it
#   infra/render.sh --check    says whether what is there is what would be rendered
#   infra/render.sh --inputs   says of which files it would be made
# What is rendered is kept so that tests can read it where there is no kustomize; its first line says of
# which files it was made.
set -eu
cd "$(dirname "$0")"
inputs=$(find base components overlays monitoring -type f | LC_ALL=C sort | xargs sha256sum | sha256sum | cut -d' ' -f1)
[ "${1:-}" != --inputs ] || { echo "# inputs: $inputs"; exit; }
for directory in overlays/dev overlays/prod components/ingress; do
  rendered=rendered/${directory#*/}.yaml
  fresh=$(mktemp)
  { echo "# inputs: $inputs"; kubectl kustomize "$directory"; } > "$fresh"
  if [ "${1:-}" = --check ]; then
    cmp -s "$fresh" "$rendered" || { echo "$rendered is out of date: run infra/render.sh" >&2; exit 1; }
    rm "$fresh"
  else
    mv "$fresh" "$rendered" && chmod 644 "$rendered"
  fi
done
