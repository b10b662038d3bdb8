# syntax=docker/dockerfile:1
# As build/images.env has them; a release gives them with their digests.
ARG SDK_IMAGE=mcr.microsoft.com/dotnet/sdk:10.0-noble
ARG BASE_IMAGE=mcr.microsoft.com/dotnet/runtime-deps:10.0-noble-chiseled-extra

FROM --platform=$BUILDPLATFORM $SDK_IMAGE AS build
ARG TARGETARCH
# Clang links for both architectures: for the other one it needs that one's C library. Which one this is the image knows; not every builder
# tells (BUILDARCH).
RUN case $TARGETARCH in \
      $(dpkg --print-architecture)) library=libc6-dev ;; \
      amd64) library="gcc-x86-64-linux-gnu libc6-dev-amd64-cross" ;; \
      arm64) library="gcc-aarch64-linux-gnu libc6-dev-arm64-cross" ;; \
      *) echo "linux/amd64 or linux/arm64, not $TARGETARCH" >&2; exit 1 ;; \
    esac \
    && apt-get update && apt-get install -y --no-install-recommends binutils clang llvm $library && rm -rf /var/lib/apt/lists/*
WORKDIR /source
# The project files and what they restored alone first: the packages are fetched again only when one of these changes.
COPY global.json .editorconfig Directory.Build.props Directory.Packages.props ./
COPY operator/Byok.Copying/Byok.Copying.csproj operator/Byok.Copying/packages.*.json operator/Byok.Copying/
COPY operator/Byok.Import/Byok.Import.csproj operator/Byok.Import/packages.*.json operator/Byok.Import/
COPY operator/Byok.Material/Byok.Material.csproj operator/Byok.Material/packages.*.json operator/Byok.Material/
COPY operator/Kube/Kube.csproj operator/Kube/packages.*.json operator/Kube/
COPY operator/Cloud/Cloud.csproj operator/Cloud/packages.*.json operator/Cloud/
COPY operator/Cloud.Aws/Cloud.Aws.csproj operator/Cloud.Aws/packages.*.json operator/Cloud.Aws/
COPY operator/Cloud.Azure/Cloud.Azure.csproj operator/Cloud.Azure/packages.*.json operator/Cloud.Azure/
COPY operator/ByokOperator/ByokOperator.csproj operator/ByokOperator/packages.*.json operator/ByokOperator/
RUN dotnet restore operator/ByokOperator -a $TARGETARCH
COPY operator operator
# The checkout is not in the build's context: docker build --build-arg SOURCE_REVISION=$(git rev-parse HEAD)
ARG SOURCE_REVISION
RUN dotnet publish operator/ByokOperator -a $TARGETARCH -c Release --no-restore -o /app ${SOURCE_REVISION:+-p:SourceRevisionId=$SOURCE_REVISION}

# No shell, no package manager and no runtime: the C library, OpenSSL, certificates and time zones, and the operator.
FROM $BASE_IMAGE
ARG BASE_IMAGE VERSION SOURCE_REVISION
LABEL org.opencontainers.image.title="byok-operator" \
      org.opencontainers.image.description="Keeps each tenant's data under the tenant's own key" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="$VERSION" \
      org.opencontainers.image.revision="$SOURCE_REVISION" \
      org.opencontainers.image.base.name="$BASE_IMAGE"
WORKDIR /app
COPY --from=build /app/byok-operator .
# Whatever the umask of the checkout was.
COPY --chmod=644 LICENSE .
USER $APP_UID
ENTRYPOINT ["/app/byok-operator"]
CMD ["run"]
