FROM node
FROM node:22.4-alpine AS deps
FROM localhost:5000/team/app
FROM localhost:5000/team/app:2.1@sha256:0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0
FROM --platform=$BUILDPLATFORM ghcr.io/org/img:${TAG:-latest}-slim AS build-1.2
FROM ${REGISTRY}/img:$TAG
FROM scratch
FROM deps AS final
