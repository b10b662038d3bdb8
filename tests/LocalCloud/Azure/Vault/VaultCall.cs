using System.Text.Json.Nodes;

namespace LocalCloud.Azure.Vault;

/// <summary>One request to a vault that exists, by a caller who is known.</summary>
internal sealed class VaultCall(AzureCall azure, KeyVault vault, VaultGate gate, DateTimeOffset now)
{
    public AzureCall Azure { get; } = azure;

    public KeyVault Vault { get; } = vault;

    public DateTimeOffset Now { get; } = now;

    public string Name => Azure.Key ?? "";

    public string? Version { get; init; }

    public void Demand(VaultAction action) =>
        gate.Demand(Vault, Azure.Caller!, action, Name.Length == 0 ? Vault.Id : Vault.IdOf(Name));

    /// <summary>The version asked for, or the latest.</summary>
    public VaultKeyVersion Key() =>
        Vault.Find(Name, Version)
            ?? throw VaultProblems.KeyNotFound(string.IsNullOrEmpty(Version) ? Name : $"{Name}/{Version}");

    public Task<JsonObject> BodyAsync() =>
        Azure.ReadJsonAsync(() => VaultProblems.BadParameter("Request body is not valid JSON."));

    public Task SendAsync(JsonObject body) => Azure.SendJsonAsync(200, body);
}
