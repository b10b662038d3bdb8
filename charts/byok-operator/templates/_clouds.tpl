{{/* byok.cloudEnv: what the clouds' SDKs and the operator find in their environment. No credential is a value. */}}
{{- define "byok.cloudEnv" -}}
{{- $env := list -}}
{{- with .Values.aws -}}
{{- $env = concat $env (list
  (dict "name" "AWS_REGION" "value" .region)
  (dict "name" "AWS_ENDPOINT_URL" "value" .endpoints.all)
  (dict "name" "AWS_ENDPOINT_URL_KMS" "value" .endpoints.kms)
  (dict "name" "AWS_ENDPOINT_URL_S3" "value" .endpoints.s3)
  (dict "name" "AWS_ENDPOINT_URL_STS" "value" .endpoints.sts)
  (dict "name" "BYOK_AWS_REQUIRE_TLS" "value" (ternary "" "false" .requireTls))) -}}
{{- end -}}
{{- with .Values.azure -}}
{{- $env = concat $env (list
  (dict "name" "BYOK_AZURE_IDENTITY_OBJECT_ID" "value" .identityObjectId)
  (dict "name" "BYOK_AZURE_STORAGE_SKU" "value" .storageSku)) -}}
{{- /* Handed on to the copy pods, which take no flags: the flag alone would leave them in the public cloud. */ -}}
{{- $env = append $env (dict "name" "BYOK_AZURE_ENVIRONMENT" "value" .environment) -}}
{{- end -}}
{{- with .Values.proxy -}}
{{- if .https -}}
{{- $direct := concat (list "$(KUBERNETES_SERVICE_HOST)" "169.254.169.254" "169.254.170.23") .exceptions -}}
{{- $env = concat $env (list (dict "name" "HTTPS_PROXY" "value" .https) (dict "name" "NO_PROXY" "value" (join "," $direct))) -}}
{{- end -}}
{{- end -}}
{{- $env = append $env (dict "name" "OTEL_EXPORTER_OTLP_ENDPOINT" "value" .Values.telemetry.otlpEndpoint) -}}
{{- range $env }}
{{- if .value }}
- name: {{ .name }}
  value: {{ .value | quote }}
{{- end }}
{{- end }}
{{- with .Values.azure.clientSecret }}
{{- if .name }}
- name: AZURE_CLIENT_SECRET
  valueFrom:
    secretKeyRef:
      name: {{ .name }}
      key: {{ .key }}
{{- end }}
{{- end }}
{{- end }}

{{/* byok.cloudFlags: who the operator is there. */}}
{{- define "byok.cloudFlags" -}}
{{- with .Values.aws }}
{{- with .operatorRole }}
- --aws-operator-role={{ . }}
{{- end }}
{{- with .assumeRole }}
- --aws-assume-role={{ . }}
{{- end }}
{{- with .externalId }}
- {{ printf "--aws-external-id=%s" . | quote }}
{{- end }}
{{- range $region, $key := .controlKeys }}
- --aws-control-keys={{ $region }}={{ $key }}
{{- end }}
{{- end }}
{{- with .Values.azure }}
{{- with .tenantId }}
- --azure-tenant={{ . }}
{{- end }}
{{- with .clientId }}
- --azure-client={{ . }}
{{- end }}
{{- with .identityResourceId }}
- --azure-identity={{ . }}
{{- end }}
{{- with .applicationClientId }}
- --azure-application={{ . }}
{{- end }}
{{- with .environment }}
- --azure-environment={{ . }}
{{- end }}
{{- with .roleSettling }}
- --azure-role-settling={{ . }}
{{- end }}
{{- end }}
{{- end }}
