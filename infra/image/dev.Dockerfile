# What build-dev.sh collected, and nothing else. See there.
FROM scratch
COPY . /
USER 65532:65532
ENTRYPOINT ["/ticketing"]
