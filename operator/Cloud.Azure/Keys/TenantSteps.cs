using System.Globalization;

namespace Cloud.Azure.Keys;

/// <summary>
/// What a tenant does once, in its own directory and subscription, to let us use one key: install the application,
/// protect the vault, give the least role on that key, or the least access policy where the vault goes by those. The
/// same steps in three tools' words; the template knows roles alone, since in it an access policy would take the place
/// of all others. Pure; every step may be repeated.
/// </summary>
internal static class TenantSteps
{
    public static string AzureCli(KeyAccess access) => string.Create(CultureInfo.InvariantCulture, $$"""
        #!/bin/sh
        # Lets the platform use the key {{access.Key.Name}} of the vault {{access.Key.VaultName}}, and nothing else.
        # Run it as somebody who may install applications in the directory and assign roles in the vault. It may be run again.
        set -eu

        az cloud set --name {{access.CloudName}}
        az login --tenant {{access.TenantId}}

        # 1. The platform's application, once for the directory. It has no secret: the platform's own identity vouches for it.
        az ad sp show --id {{access.ClientId}} >/dev/null 2>&1 || az ad sp create --id {{access.ClientId}}
        principal=$(az ad sp show --id {{access.ClientId}} --query id --output tsv)

        # 2. Storage refuses keys of vaults without purge protection. It can't be switched off again.
        az keyvault update --name {{access.Key.VaultName}} --enable-purge-protection true
        vault=$(az keyvault show --name {{access.Key.VaultName}} --query id --output tsv)

        # 3. To read, wrap and unwrap, and nothing else. A vault goes by roles or by access policies.
        if [ "$(az keyvault show --name {{access.Key.VaultName}} --query properties.enableRbacAuthorization --output tsv)" = true ]; then
          # On this key alone. It takes some minutes to count.
          az role assignment create --assignee-object-id "$principal" --assignee-principal-type ServicePrincipal \
            --role "{{KeyAccess.RoleName}}" --scope "$vault/keys/{{access.Key.Name}}"
        else
          # On every key of the vault, since access policies know no single one: give the key a vault of its own, or turn the vault to roles.
          az keyvault set-policy --name {{access.Key.VaultName}} --object-id "$principal" --key-permissions {{string.Join(' ', KeyAccess.Permissions)}}
        fi

        # To revoke at once: az keyvault key set-attributes --vault-name {{access.Key.VaultName}} --name={{access.Key.Name}} --enabled false

        """);

    public static string PowerShell(KeyAccess access) => string.Create(CultureInfo.InvariantCulture, $$"""
        # Lets the platform use the key {{access.Key.Name}} of the vault {{access.Key.VaultName}}, and nothing else.
        # Run it as somebody who may install applications in the directory and assign roles in the vault. It may be run again.
        #Requires -Modules Az.Accounts, Az.KeyVault, Az.Resources
        $ErrorActionPreference = 'Stop'

        Connect-AzAccount -Environment {{access.CloudName}} -Tenant {{access.TenantId}}

        # 1. The platform's application, once for the directory. It has no secret: the platform's own identity vouches for it.
        $principal = Get-AzADServicePrincipal -ApplicationId {{access.ClientId}}
        if (-not $principal) { $principal = New-AzADServicePrincipal -ApplicationId {{access.ClientId}} }

        # 2. Storage refuses keys of vaults without purge protection. It can't be switched off again.
        $vault = Get-AzKeyVault -VaultName {{access.Key.VaultName}}
        if (-not $vault.EnablePurgeProtection) { $vault = $vault | Update-AzKeyVault -EnablePurgeProtection }

        # 3. To read, wrap and unwrap, and nothing else. A vault goes by roles or by access policies.
        if ($vault.EnableRbacAuthorization) {
          # On this key alone. It takes some minutes to count.
          $scope = "$($vault.ResourceId)/keys/{{access.Key.Name}}"
          if (-not (Get-AzRoleAssignment -ObjectId $principal.Id -RoleDefinitionName '{{KeyAccess.RoleName}}' -Scope $scope)) {
            New-AzRoleAssignment -ObjectId $principal.Id -RoleDefinitionName '{{KeyAccess.RoleName}}' -Scope $scope
          }
        } else {
          # On every key of the vault, since access policies know no single one: give the key a vault of its own, or turn the vault to roles.
          Set-AzKeyVaultAccessPolicy -VaultName {{access.Key.VaultName}} -ObjectId $principal.Id -PermissionsToKeys {{string.Join(", ", KeyAccess.Permissions)}}
        }

        # To revoke at once: Update-AzKeyVaultKey -VaultName {{access.Key.VaultName}} -Name '{{access.Key.Name}}' -Enable $false

        """);

    public static string Bicep(KeyAccess access) => string.Create(CultureInfo.InvariantCulture, $$"""
        // Lets the platform use the key {{access.Key.Name}} of the vault {{access.Key.VaultName}}, and nothing else.
        // Deploy to the vault's resource group, in directory {{access.TenantId}}:
        //   az deployment group create --resource-group GROUP --template-file byok.bicep \
        //     --parameters principalId=$(az ad sp show --id {{access.ClientId}} --query id --output tsv)
        // The application is installed once before that: az ad sp create --id {{access.ClientId}}
        // For a vault that goes by roles; where it goes by access policies: az keyvault set-policy --name {{access.Key.VaultName}} --object-id PRINCIPAL --key-permissions {{string.Join(' ', KeyAccess.Permissions)}}
        // The vault must have purge protection: az keyvault update --name {{access.Key.VaultName}} --enable-purge-protection true

        @description('Object id of the service principal of application {{access.ClientId}} in this directory.')
        param principalId string

        resource vault 'Microsoft.KeyVault/vaults@{{AzureVersions.Vaults}}' existing = {
          name: '{{access.Key.VaultName}}'
        }

        resource key 'Microsoft.KeyVault/vaults/keys@{{AzureVersions.Vaults}}' existing = {
          parent: vault
          name: '{{access.Key.Name}}'
        }

        // {{KeyAccess.RoleName}}: read, wrap and unwrap.
        var role = subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '{{KeyAccess.RoleId}}')

        resource use 'Microsoft.Authorization/roleAssignments@{{AzureVersions.Roles}}' = {
          name: guid(key.id, principalId, role)
          scope: key
          properties: {
            principalId: principalId
            principalType: 'ServicePrincipal'
            roleDefinitionId: role
          }
        }

        """);
}
