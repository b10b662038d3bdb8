{{- define "byok.labels" -}}
app.kubernetes.io/name: byok-tenants
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/part-of: byok-operator
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- with .Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* byok.binding (dict "root" . "namespace" NAME "name" NAME "role" CLUSTERROLE "subjects" LIST) */}}
{{- define "byok.binding" }}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  name: {{ .name }}
  namespace: {{ .namespace }}
  labels:
    {{- include "byok.labels" .root | nindent 4 }}
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: ClusterRole
  name: {{ .role }}
subjects:
  {{- include "byok.subjects" .subjects | trim | nindent 2 }}
{{- end }}

{{/* byok.subjects LIST: the API server wants a group for people, and none for service accounts. */}}
{{- define "byok.subjects" -}}
{{- range . }}
- kind: {{ .kind }}
  name: {{ .name | quote }}
  {{- if eq .kind "ServiceAccount" }}
  namespace: {{ .namespace }}
  {{- else }}
  apiGroup: rbac.authorization.k8s.io
  {{- end }}
{{- end }}
{{- end }}

{{/* byok.refusals: what the schema can't say. Who may name what is judged by the operator, which sees every Tenant. */}}
{{- define "byok.refusals" -}}
{{- $wrong := list -}}
{{- $owners := dict -}}
{{- range $tenant, $given := .Values.tenants -}}
{{- range $at, $space := $given.namespaces -}}
{{- if has $space.name (list $.Values.operator.namespace $.Values.importApi.namespace "kube-system" "kube-public" "kube-node-lease") -}}
{{- $wrong = append $wrong (printf "tenants.%s.namespaces[%d].name is %s, which is no tenant's: give one of the tenant's own" $tenant $at $space.name) -}}
{{- end -}}
{{- if and $space.suspendJobs (not (semverCompare ">=1.30-0" $.Capabilities.KubeVersion.Version)) -}}
{{- $wrong = append $wrong (printf "tenants.%s.namespaces[%d].suspendJobs needs Kubernetes 1.30: on an older server no policy holds the operator to spec.suspend" $tenant $at) -}}
{{- end -}}
{{- with get $owners $space.name -}}
{{- $wrong = append $wrong (printf "tenants.%s.namespaces[%d].name is %s, which is the tenant %s's already: a namespace belongs to one tenant" $tenant $at $space.name .) -}}
{{- end -}}
{{- $_ := set $owners $space.name $tenant -}}
{{- end -}}
{{- end -}}
{{- if $wrong -}}
{{- fail (printf "\n%s\n" (join "\n" $wrong)) -}}
{{- end -}}
{{- end }}
