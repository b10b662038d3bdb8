using Kube.Core.Json;

namespace ByokOperator.Api;

/// <summary>Where the keys may be that the tenant brings.</summary>
public sealed record TenantKeys
{
    public IReadOnlyList<string> AwsAccounts { get; init => field = Entries.Of(value); } = [];

    public IReadOnlyList<string> AzureDirectories { get; init => field = Entries.Of(value); } = [];

    /// <summary>The tenant's own, and those of the platform's that keys are imported into.</summary>
    public IReadOnlyList<string> Vaults { get; init => field = Entries.Of(value); } = [];
}
