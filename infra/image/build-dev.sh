#!/bin/sh
# The inner loop of `skaffold dev`: compiles the program on this machine, as incrementally as any `cargo
# build`, and copies it into an image that holds nothing else.
#
# On Linux the program is an ordinary one, and the libraries it is linked against go with it. Elsewhere,
# and for a cluster of another architecture, it is linked statically: set DEV_TARGET, for instance to
# aarch64-unknown-linux-musl, and have cargo-zigbuild.
set -eu
cd "$(dirname "$0")/../.."
: "${IMAGE:?skaffold says what the image is to be called}"

if [ -n "${DEV_TARGET:-}" ]; then
  cargo zigbuild --package server --features cluster --bin ticketing --target "$DEV_TARGET"
  program=target/$DEV_TARGET/debug/ticketing
elif [ "$(uname -s)" = Linux ]; then
  cargo build --package server --features cluster --bin ticketing
  program=target/debug/ticketing
else
  echo "set DEV_TARGET to what the cluster runs, such as $(uname -m | sed s/arm64/aarch64/)-unknown-linux-musl" >&2
  exit 1
fi

context=$(mktemp -d)
trap 'rm -rf "$context"' EXIT
infra/image/collect.sh "$program" "$context"
# Most of it is for a debugger that is not there, and would be sent to the cluster each time.
! command -v strip >/dev/null || strip --strip-debug "$context/ticketing" 2>/dev/null || true
docker build --quiet --tag "$IMAGE" --file infra/image/dev.Dockerfile "$context"
[ "${PUSH_IMAGE:-false}" != true ] || docker push --quiet "$IMAGE"
