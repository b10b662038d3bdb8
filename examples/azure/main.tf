# The operator's identity, the application that tenants install, and the identity's roles. The roles are those of setup.sh.

terraform {
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = ">= 4.0"
    }
    azuread = {
      source  = "hashicorp/azuread"
      version = ">= 3.0"
    }
  }
}

variable "group" {
  description = "The resource group that stores are made in; the identity is made there too."
  type        = string
}

variable "shared" {
  description = "Resource id of the shared storage account."
  type        = string
}

variable "issuer" {
  description = "The cluster's OIDC issuer."
  type        = string
}

variable "principals" {
  description = "Whether Tenants name spec.stores.dataPrincipals.azure."
  type        = bool
  default     = false
}

variable "import_vaults" {
  description = "Resource ids of vaults that tenants' keys are imported into."
  type        = set(string)
  default     = []
}

data "azurerm_client_config" "here" {}

data "azurerm_resource_group" "stores" {
  name = var.group
}

locals {
  audience     = "api://AzureADTokenExchange"
  subscription = "/subscriptions/${data.azurerm_client_config.here.subscription_id}"
  wanted       = concat(["always"], var.principals ? ["principals"] : [], length(var.import_vaults) > 0 ? ["imports"] : [])
  scopes = {
    stores       = [data.azurerm_resource_group.stores.id]
    shared       = [var.shared]
    identity     = [azurerm_user_assigned_identity.operator.id]
    subscription = [local.subscription]
    vault        = tolist(var.import_vaults)
  }
  roles = flatten([
    for one in jsondecode(file("${path.module}/roles.json")) : [
      for scope in local.scopes[one.on] : { role = one.role, scope = scope }
    ] if contains(local.wanted, try(one.when, "always"))
  ])
}

resource "azurerm_user_assigned_identity" "operator" {
  name                = "byok-operator"
  resource_group_name = data.azurerm_resource_group.stores.name
  location            = data.azurerm_resource_group.stores.location
}

resource "azurerm_federated_identity_credential" "operator" {
  for_each            = toset(["byok-operator", "byok-copy"])
  name                = each.key
  resource_group_name = data.azurerm_resource_group.stores.name
  parent_id           = azurerm_user_assigned_identity.operator.id
  issuer              = var.issuer
  subject             = "system:serviceaccount:byok-system:${each.key}"
  audience            = [local.audience]
}

resource "azuread_application" "operator" {
  display_name     = "byok-operator"
  sign_in_audience = "AzureADMultipleOrgs"
}

# It has no secret: the identity vouches for it.
resource "azuread_application_federated_identity_credential" "operator" {
  application_id = azuread_application.operator.id
  display_name   = "byok-operator"
  issuer         = "https://login.microsoftonline.com/${data.azurerm_client_config.here.tenant_id}/v2.0"
  subject        = azurerm_user_assigned_identity.operator.principal_id
  audiences      = [local.audience]
}

resource "azurerm_role_assignment" "operator" {
  count                = length(local.roles)
  role_definition_name = local.roles[count.index].role
  scope                = local.roles[count.index].scope
  principal_id         = azurerm_user_assigned_identity.operator.principal_id
  principal_type       = "ServicePrincipal"
}

output "identity" {
  value = azurerm_user_assigned_identity.operator.id
}

output "application" {
  value = azuread_application.operator.client_id
}
