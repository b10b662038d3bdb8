using System.CommandLine;
using ByokOperator.Api;
using ByokOperator.Entitlements;
using Cloud;
using Cloud.Aws;
using Cloud.Aws.Keys;
using Cloud.Azure;
using Cloud.Keys;
using Kube.Core;
using Microsoft.Extensions.Logging.Abstractions;

namespace ByokOperator.Commands;

/// <summary>
/// <c>byok-operator policy --key …</c>: what a tenant must apply, without a cluster or an account. For a KMS key's ARN
/// the key policy; for a vault key's address the steps in one tool's words.
/// </summary>
internal static class PolicyCommand
{
    private static readonly Dictionary<string, string> Forms =
        new() { ["cli"] = "azure-cli.sh", ["powershell"] = "azure-powershell.ps1", ["bicep"] = "azure.bicep" };

    private static readonly Option<string> Key = new("--key")
    {
        Description = "the tenant's full key ARN, or https://VAULT.vault.azure.net/keys/NAME",
        Required = true,
    };
    private static readonly Option<string?> OperatorRole =
        new("--operator-role") { Description = "AWS: role ARN of the operator" };
    private static readonly Option<string?> DataRole =
        new("--data-role") { Description = "AWS: role ARN of the workloads" };
    private static readonly Option<string?> Owner = new("--tenant-name")
    {
        Description = "AWS: name of the Tenant; binds the key to it and to its buckets, as the published policy does",
    };

    private static readonly Option<string[]> Buckets = new("--bucket-names")
    {
        Description = "AWS: what the Tenant's spec.stores.bucketNames lists; repeatable",
        AllowMultipleArgumentsPerToken = true,
    };

    private static readonly Option<string?> Directory =
        new("--tenant") { Description = "Azure: the tenant's directory, a GUID" };
    private static readonly Option<string?> Application =
        new("--application") { Description = "Azure: client id of the platform's multi-tenant application" };
    private static readonly Option<string> Form =
        new("--form") { Description = "Azure: cli, powershell or bicep", DefaultValueFactory = _ => "cli" };

    public static Command Create()
    {
        Command command = new("policy",
            "Print what a tenant must apply to let the operator use its key: a key policy (AWS), or the steps (Azure).");
        foreach (var option in (Option[])[Key, OperatorRole, DataRole, Owner, Buckets, Directory, Application, Form])
        {
            command.Options.Add(option);
        }

        command.SetAction(parsed =>
            parsed.GetValue(Key)!.StartsWith("https://", StringComparison.Ordinal) ? OfVault(parsed) : OfKms(parsed));
        return command;
    }

    private static int OfKms(ParseResult parsed)
    {
        var id = parsed.GetValue(Key) ?? "";
        if (!KmsKeyArn.TryParse(id, out var arn, out var error))
        {
            return Refuse($"--key: {error}");
        }

        if (parsed.GetValue(OperatorRole) is not { Length: > 0 } role)
        {
            return Refuse("--operator-role is missing: give the role ARN that the key policy is to name");
        }

        if (parsed.GetValue(Owner) is not { Length: > 0 }
            && (parsed.GetValue(DataRole) is not null || parsed.GetValue(Buckets) is { Length: > 0 }))
        {
            return Refuse("--tenant-name is missing: --data-role and --bucket-names are a tenant's");
        }

        if (parsed.GetValue(Owner) is { Length: > 0 } named && !ObjectNames.IsName(named))
        {
            return Refuse(
                "--tenant-name is no name that a Tenant can have: give lower-case letters, digits, hyphens and dots");
        }

        var owner = OwnerOf(parsed);
        if (owner is not null && TenantRules.Check(owner) is [{ } wrong, ..])
        {
            return Refuse($"{FlagOf(wrong.Field)}: {wrong.Message}");
        }

        try
        {
            using var aws = AwsCloud.Create(new AwsOptions { OperatorRoleArn = role }, TimeProvider.System,
                NullLoggerFactory.Instance);
            Console.Out.WriteLine(
                aws.Policies.RequiredPolicy(new KeyRef(arn.Region, id), owner is null ? null
                    : KeyBindings.Of(owner.Metadata.Name, Authority.Of([owner]))));
            return ExitCodes.Done;
        }
        catch (CloudException refused)
        {
            return Refuse(refused.Problem.Message);
        }
    }

    /// <summary>The Tenant as far as the flags say it; null where they name none.</summary>
    private static Tenant? OwnerOf(ParseResult parsed) => parsed.GetValue(Owner) is not { Length: > 0 } name
        ? null
        : new Tenant
        {
            Metadata = new() { Name = name },
            Spec = new()
            {
                Stores = new()
                {
                    BucketNames = parsed.GetValue(Buckets) ?? [],
                    DataPrincipals = new() { Aws = parsed.GetValue(DataRole) },
                },
            },
        };

    private static int OfVault(ParseResult parsed)
    {
        var source = new AzureKeyVaultSource
        {
            TenantId = parsed.GetValue(Directory) ?? "",
            ClientId = parsed.GetValue(Application) ?? "",
        };
        if (parsed.GetValue(Key)!.Split("/keys/") is [{ } vault, { } name])
        {
            source = source with { VaultUri = vault, KeyName = name.Split('/')[0] };
        }

        if (AzureKeyRules.Check(source).FirstOrDefault() is { } wrong)
        {
            return Refuse($"{FlagOf(wrong.Field)}: {wrong.Message}");
        }

        if (!Forms.TryGetValue(parsed.GetValue(Form)!, out var file))
        {
            return Refuse($"--form is '{parsed.GetValue(Form)}': give cli, powershell or bicep");
        }

        var key = new KeyRef(KeyRef.AnyRegion, source.KeyId)
        {
            Cloud = CloudKind.Azure,
            Tenancy = new KeyTenancy(source.TenantId, source.ClientId),
        };
        using var azure = AzureCloud.Create(new AzureOptions { Environment = EnvironmentOf(source.VaultUri) },
            TimeProvider.System, NullLoggerFactory.Instance);
        Console.Out.Write(azure.Policies.Documents(key)[file]);
        return ExitCodes.Done;
    }

    private static AzureEnvironment EnvironmentOf(string vault) =>
        new[]
        {
            AzureEnvironment.UsGovernment,
            AzureEnvironment.China,
        }.FirstOrDefault(one => vault.TrimEnd('/').EndsWith(one.VaultSuffix, StringComparison.Ordinal))
            ?? AzureEnvironment.Public;

    private static string FlagOf(string field) => field switch
    {
        "spec.azureKeyVault.tenantId" => "--tenant",
        "spec.azureKeyVault.clientId" => "--application",
        "spec.stores.dataPrincipals.aws" => "--data-role",
        _ when field.StartsWith("spec.stores.bucketNames", StringComparison.Ordinal) => "--bucket-names",
        _ => "--key",
    };

    private static int Refuse(string why)
    {
        Console.Error.WriteLine($"byok-operator: {why}");
        return ExitCodes.Usage;
    }
}
