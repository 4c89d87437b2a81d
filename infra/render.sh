#!/bin/sh
# Renders the overlays into rendered/: `infra/render.sh`, or `infra/render.sh --check` to see whether what
# is there is what would be rendered. What is rendered is kept so that tests can read it where there is
# no kustomize; its first line says of which files it was made.
set -eu
cd "$(dirname "$0")"
inputs=$(find base components overlays monitoring -type f | LC_ALL=C sort | xargs sha256sum | sha256sum | cut -d' ' -f1)
for overlay in dev prod; do
  fresh=$(mktemp)
  { echo "# inputs: $inputs"; kubectl kustomize "overlays/$overlay"; } > "$fresh"
  if [ "${1:-}" = --check ]; then
    cmp -s "$fresh" "rendered/$overlay.yaml" || { echo "rendered/$overlay.yaml is out of date: run infra/render.sh" >&2; exit 1; }
    rm "$fresh"
  else
    mv "$fresh" "rendered/$overlay.yaml" && chmod 644 "rendered/$overlay.yaml"
  fi
done
