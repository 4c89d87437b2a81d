# The image: `docker buildx bake --file infra/image/docker-bake.hcl`
variable "IMAGES" {
  default = "ticketing"
}
variable "TAG" {
  default = "latest"
}

target "default" {
  context    = "."
  dockerfile = "infra/image/Dockerfile"
  tags       = ["${IMAGES}/ticketing:${TAG}"]
}
