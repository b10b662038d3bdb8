#!/usr/bin/env bash
# Makes the operator's identity and the application that tenants install, and gives the identity the roles of roles.json. It may be run again.
set -euo pipefail
cd "$(dirname "$0")"

usage() {
  cat >&2 <<'TEXT'
usage: setup.sh --cluster GROUP/NAME --group STORES_GROUP --shared ACCOUNT_ID [--principals] [--imports VAULT]...

  --cluster     the AKS cluster, with OIDC issuer and workload identity
  --group       the resource group that stores are made in; the identity is made there too
  --shared      resource id of the shared storage account
  --principals  Tenants name spec.stores.dataPrincipals.azure
  --imports     name of a vault that tenants' keys are imported into
TEXT
  exit 64
}

cluster= group= shared= wanted=() vaults=()
while [ $# -gt 0 ]; do
  case $1 in
    --cluster) cluster=${2:?}; shift ;;
    --group) group=${2:?}; shift ;;
    --shared) shared=${2:?}; shift ;;
    --principals) wanted+=(principals) ;;
    --imports) wanted+=(imports); vaults+=("${2:?}"); shift ;;
    *) usage ;;
  esac
  shift
done
[ -n "$cluster" ] && [ -n "$group" ] && [ -n "$shared" ] || usage

directory=$(az account show --query tenantId --output tsv)
subscription=$(az account show --query id --output tsv)
audience=api://AzureADTokenExchange

# The identity, which pods come to be by their service account's token.
az identity create --name byok-operator --resource-group "$group" --output none
principal=$(az identity show --name byok-operator --resource-group "$group" --query principalId --output tsv)
identity=$(az identity show --name byok-operator --resource-group "$group" --query id --output tsv)
issuer=$(az aks show --resource-group "${cluster%/*}" --name "${cluster#*/}" --query oidcIssuerProfile.issuerUrl --output tsv)
for account in byok-operator byok-copy; do
  az identity federated-credential create --identity-name byok-operator --resource-group "$group" --name "$account" \
    --issuer "$issuer" --subject "system:serviceaccount:byok-system:$account" --audiences "$audience" --output none
done

# The application, which tenants install in their directories. It has no secret: the identity vouches for it.
application=$(az ad app list --display-name byok-operator --query '[0].appId' --output tsv)
[ -n "$application" ] ||
  application=$(az ad app create --display-name byok-operator --sign-in-audience AzureADMultipleOrgs --query appId --output tsv)
[ -n "$(az ad app federated-credential list --id "$application" --query '[0].name' --output tsv)" ] ||
  az ad app federated-credential create --id "$application" --output none --parameters \
    "{\"name\": \"byok-operator\", \"issuer\": \"https://login.microsoftonline.com/$directory/v2.0\", \"subject\": \"$principal\", \"audiences\": [\"$audience\"]}"

# give ROLE SCOPE
give() { az role assignment create --assignee-object-id "$principal" --assignee-principal-type ServicePrincipal --role "$1" --scope "$2" --output none; }

while IFS=$'\t' read -r role on when; do
  [ "$when" = always ] || [[ " ${wanted[*]} " == *" $when "* ]] || continue
  case $on in
    stores) give "$role" "/subscriptions/$subscription/resourceGroups/$group" ;;
    shared) give "$role" "$shared" ;;
    identity) give "$role" "$identity" ;;
    subscription) give "$role" "/subscriptions/$subscription" ;;
    vault) for vault in "${vaults[@]}"; do give "$role" "$(az keyvault show --name "$vault" --query id --output tsv)"; done ;;
  esac
done < <(jq -r '.[] | [.role, .on, .when // "always"] | @tsv' roles.json)

echo "identity $identity"
echo "application $application"
