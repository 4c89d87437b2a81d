# All images at once: `docker buildx bake --file infra/image/docker-bake.hcl`
variable "IMAGES" {
  default = "ticketing"
}
variable "TAG" {
  default = "latest"
}

group "default" {
  targets = ["service"]
}

target "service" {
  name       = service
  matrix     = { service = ["auth", "tickets", "orders", "expiration", "payments", "web"] }
  context    = "."
  dockerfile = "infra/image/Dockerfile"
  args       = { SERVICE = service }
  tags       = ["${IMAGES}/${service}:${TAG}"]
}
