# syntax=docker/dockerfile:1
FROM --platform=$BUILDPLATFORM mcr.microsoft.com/dotnet/sdk:10.0 AS build
ARG TARGETARCH
WORKDIR /source
# The project files alone first: the packages are fetched again only when one of these changes.
COPY global.json .editorconfig Directory.Build.props Directory.Packages.props ./
COPY operator/Kube/Kube.csproj operator/Kube/
COPY operator/Cloud/Cloud.csproj operator/Cloud/
COPY operator/ByokOperator/ByokOperator.csproj operator/ByokOperator/
RUN dotnet restore operator/ByokOperator -a $TARGETARCH -p:PublishReadyToRun=true
COPY operator operator
RUN dotnet publish operator/ByokOperator -a $TARGETARCH -c Release --no-restore --no-self-contained \
    -p:PublishReadyToRun=true -p:DebugType=none -o /app

# No shell and no package manager: nothing to run but the operator.
FROM mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled
LABEL org.opencontainers.image.title="byok-operator" org.opencontainers.image.licenses="Apache-2.0"
# Diagnostics want a writable /tmp; with them off, the root filesystem may be read-only.
ENV DOTNET_EnableDiagnostics=0
WORKDIR /app
COPY --from=build /app .
COPY LICENSE .
USER $APP_UID
ENTRYPOINT ["/app/byok-operator"]
CMD ["run"]
