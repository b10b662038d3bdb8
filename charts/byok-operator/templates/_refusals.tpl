{{/*
byok.refusals: what the schema can't say, each with the values that are meant and the fix. The flags themselves are checked again by the
operator when it starts.
*/}}
{{- define "byok.refusals" -}}
{{- $wrong := list -}}
{{- with .Values -}}
{{- if and .image.tag .image.digest -}}
{{- $wrong = append $wrong "image.tag and image.digest are both given, and only the digest would count: leave image.tag empty" -}}
{{- end -}}
{{- range $at := list "operator" "importApi" -}}
{{- with index $.Values $at -}}
{{- if and (or (eq $at "operator") (dig "enabled" false .)) .podDisruptionBudget.enabled (ge (include "byok.least" . | int) (int .replicas)) -}}
{{- $wrong = append $wrong (printf "%s.podDisruptionBudget.minAvailable is %v of %s.replicas %v, so no node could ever be drained: raise replicas, or set %s.podDisruptionBudget.enabled to false" $at .podDisruptionBudget.minAvailable $at .replicas $at) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- if and (eq .aws.identity "IRSA") (not .aws.irsa.roleArn) -}}
{{- $wrong = append $wrong "aws.identity is IRSA and aws.irsa.roleArn is empty: give the role's ARN" -}}
{{- end -}}
{{- if and (ne .aws.identity "IRSA") (or .aws.irsa.roleArn .aws.irsa.copyRoleArn) -}}
{{- $wrong = append $wrong (printf "aws.irsa is given and aws.identity is %s: set aws.identity to IRSA" .aws.identity) -}}
{{- end -}}
{{- if ne (eq .aws.identity "Secret") (ne .aws.credentialsSecret "") -}}
{{- $wrong = append $wrong "aws.credentialsSecret and aws.identity Secret go together: give both or neither" -}}
{{- end -}}
{{- if and .aws.externalId (not .aws.assumeRole) -}}
{{- $wrong = append $wrong "aws.externalId needs aws.assumeRole" -}}
{{- end -}}
{{- if ne (empty .azure.tenantId) (empty .azure.clientId) -}}
{{- $wrong = append $wrong "azure.tenantId and azure.clientId go together: give both, or neither where Azure is not used" -}}
{{- end -}}
{{- if and .azure.workloadIdentity.enabled (not .azure.clientId) -}}
{{- $wrong = append $wrong "azure.workloadIdentity.enabled needs azure.clientId" -}}
{{- end -}}
{{- if and .azure.workloadIdentity.enabled .azure.clientSecret.name -}}
{{- $wrong = append $wrong "azure.workloadIdentity.enabled and azure.clientSecret.name are two ways to sign in: choose one" -}}
{{- end -}}
{{- if ne (empty .notifications.sink) (empty .notifications.signingSecret.name) -}}
{{- $wrong = append $wrong "notifications.sink and notifications.signingSecret.name go together: a receiver can't trust what is not signed" -}}
{{- end -}}
{{- if and .metrics.serviceMonitor.enabled .metrics.podMonitor.enabled -}}
{{- $wrong = append $wrong "metrics.serviceMonitor and metrics.podMonitor are both enabled, and everything would be counted twice: choose one" -}}
{{- end -}}
{{- if and .metrics.serviceMonitor.enabled (not .metrics.service.enabled) -}}
{{- $wrong = append $wrong "metrics.serviceMonitor.enabled needs metrics.service.enabled" -}}
{{- end -}}
{{- with .metrics.apart -}}
{{- if and (not .enabled) (or .tlsSecret .tokenReview) -}}
{{- $wrong = append $wrong "metrics.apart.tlsSecret and metrics.apart.tokenReview are about the port of their own: set metrics.apart.enabled" -}}
{{- end -}}
{{- if and .tokenReview (not .tlsSecret) -}}
{{- $wrong = append $wrong "metrics.apart.tokenReview needs metrics.apart.tlsSecret: tokens never travel in the clear" -}}
{{- end -}}
{{- if and .enabled (has (int .port) (list (int $.Values.metrics.port) 8443)) -}}
{{- $wrong = append $wrong (printf "metrics.apart.port is %d, which is metrics.port or the import API's 8443: give another one" (int .port)) -}}
{{- end -}}
{{- end -}}
{{- with .importApi -}}
{{- if .enabled -}}
{{- if eq .namespace $.Release.Namespace -}}
{{- $wrong = append $wrong (printf "importApi.namespace is the operator's own, %s, and whoever took the import API over could read the operator's Secrets: give another one" .namespace) -}}
{{- end -}}
{{- if ne (include "byok.importNamespace" $) .namespace -}}
{{- $wrong = append $wrong (printf "wrapping.namespace is %s and importApi.namespace %s: the import API hands out the key that the operator opens with, so both are one" $.Values.wrapping.namespace .namespace) -}}
{{- end -}}
{{- if and (not .tls.secretName) (not .tls.certManager.enabled) -}}
{{- $wrong = append $wrong "importApi.enabled needs a certificate: give importApi.tls.secretName, or set importApi.tls.certManager.enabled" -}}
{{- end -}}
{{- if and .tls.secretName .tls.certManager.enabled -}}
{{- $wrong = append $wrong "importApi.tls.secretName and importApi.tls.certManager are both given: choose one" -}}
{{- end -}}
{{- if and .tls.certManager.enabled (not .tls.certManager.issuerRef.name) -}}
{{- $wrong = append $wrong "importApi.tls.certManager.enabled needs importApi.tls.certManager.issuerRef.name" -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- if $wrong -}}
{{- fail (printf "\n%s\n" (join "\n" $wrong)) -}}
{{- end -}}
{{- end }}

{{/* byok.least: minAvailable as a number of pods, a share rounded up as Kubernetes does. */}}
{{- define "byok.least" -}}
{{- $least := toString .podDisruptionBudget.minAvailable -}}
{{- if hasSuffix "%" $least -}}
{{- div (add (mul (trimSuffix "%" $least | int) (int .replicas)) 99) 100 -}}
{{- else -}}
{{- $least -}}
{{- end -}}
{{- end }}
