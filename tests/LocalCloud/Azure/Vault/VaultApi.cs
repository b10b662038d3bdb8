using System.Text.Json.Nodes;
using LocalCloud.Azure.Entra;
using LocalCloud.Faults;

namespace LocalCloud.Azure.Vault;

/// <summary>Key Vault's wire for keys: method and path name the operation.</summary>
internal sealed class VaultApi(
    VaultBook vaults, VaultGate gate, TokenMint mint, (TimeProvider Clock, ChangeMark Changes) time)
        : AzureService("keyvault")
{
    /// <summary>What clients of today pin; older ones behave differently in ways not modelled.</summary>
    private static readonly string[] Versions = ["7.4", "7.5", "7.6", "2025-07-01"];

    private readonly KeyReads reads = new();
    private readonly KeyMaking making = new(time.Changes);
    private readonly KeyDeletes deletes = new(time.Changes);
    private readonly KeyCrypto crypto = new();

    public override Func<Task> Route(AzureCall call)
    {
        var vault = vaults.FindLive(call.Account) ?? throw new DroppedException();
        var parts = call.Path.Trim('/').Split('/');
        call.Key = parts.Length > 1 && parts[1].Length > 0 ? Uri.UnescapeDataString(parts[1]) : null;
        var (name, operation, version) = Pick(call.Method, parts);
        call.Operation = name;
        return () => operation(new VaultCall(call, vault, gate, time.Clock.GetUtcNow()) { Version = version });
    }

    public override void Admit(AzureCall call)
    {
        var vault = vaults.FindLive(call.Account)!;
        var bearer = call.Bearer
            ?? throw VaultProblems.Unauthorized(vault, "AKV10000: Request is missing a Bearer or PoP token.");
        var token = mint.Read(bearer, out var fault) ?? throw VaultProblems.Unauthorized(vault, fault switch
        {
            TokenFault.Expired => "AKV10046: The token is expired.",
            TokenFault.BadSignature => "AKV10046: Unable to resolve the key used for signature validation.",
            _ => "AKV10001: The token is malformed.",
        });
        if (token.Audience.TrimEnd('/') != "https://vault.azure.net")
        {
            throw VaultProblems.Unauthorized(vault,
                $"AKV10022: Invalid audience. Expected https://vault.azure.net, found: {token.Audience}.");
        }

        if (!string.Equals(token.Principal.Tenant, vault.Tenant, StringComparison.OrdinalIgnoreCase))
        {
            throw VaultProblems.Unauthorized(vault,
                $"AKV10032: Invalid issuer. Expected one of https://sts.windows.net/{vault.Tenant}/, found "
                    + $"{token.Principal.Issuer}.");
        }

        (call.Caller, call.Who) = (token.Principal, token.Principal.ObjectId);
        DemandNetwork(vault);
        if (!Versions.Contains(call.Query["api-version"]))
        {
            throw VaultProblems.BadParameter(call.Query["api-version"] is { } version
                ? $"The specified version ({version}) is not recognized. Consider using the latest supported version "
                    + "(7.6)."
                : "api-version must be specified");
        }
    }

    public override AzureProblem Malformed() =>
        VaultProblems.BadParameter("Request body specified contains invalid parameters.");

    public override AzureProblem Throttled(int retryAfterSeconds) => VaultProblems.Throttled(retryAfterSeconds);

    public override AzureProblem Denied(AzureCall call) =>
        VaultProblems.ByRole(call.Caller!, VaultAction.Get, vaults.Find(call.Account)!, vaults.Find(call.Account)!.Id);

    public override AzureProblem Internal(int status) =>
        new(status, status == 503 ? "ServiceUnavailable" : "InternalServerError", "The service had an internal error.");

    public override Task SendProblemAsync(AzureCall call, AzureProblem problem)
    {
        var error = new JsonObject { ["code"] = problem.Code, ["message"] = problem.Message };
        if (problem.Inner is not null)
        {
            error["innererror"] = new JsonObject { ["code"] = problem.Inner };
        }

        return call.SendJsonAsync(problem.Status, new JsonObject { ["error"] = error });
    }

    /// <summary>Clients here come from the internet, from 127.0.0.1.</summary>
    private static void DemandNetwork(KeyVault vault)
    {
        if (!vault.Settings.PublicAccess)
        {
            throw VaultProblems.ByConnection(vault);
        }

        if (vault.Settings.DeniesByDefault
            && !vault.Settings.AllowedAddresses.Any(address => address.Split('/')[0] == "127.0.0.1"))
        {
            throw VaultProblems.ByFirewall(vault);
        }
    }

    private (string Name, Func<VaultCall, Task> Operation, string? Version) Pick(string method, string[] parts) =>
        (method, parts) switch
        {
            ("GET", ["keys"]) => ("GetKeys", reads.GetKeys, null),
            ("GET", ["keys", _, "versions"]) => ("GetKeyVersions", reads.GetKeyVersions, null),
            ("GET", ["keys", _]) => ("GetKey", reads.GetKey, null),
            ("GET", ["keys", _, var version]) => ("GetKey", reads.GetKey, version),
            ("PUT", ["keys", _]) => ("ImportKey", making.ImportKey, null),
            ("POST", ["keys", _, "create"]) => ("CreateKey", making.CreateKey, null),
            ("POST", ["keys", _, "rotate"]) => ("RotateKey", making.RotateKey, null),
            ("PATCH", ["keys", _]) => ("UpdateKey", making.UpdateKey, null),
            ("PATCH", ["keys", _, var version]) => ("UpdateKey", making.UpdateKey, version),
            ("DELETE", ["keys", _]) => ("DeleteKey", deletes.DeleteKey, null),
            ("POST", ["keys", _, var verb]) when Crypto(verb) is { } found => (found.Name, found.Operation, null),
            ("POST", ["keys", _, var version, var verb])
                when Crypto(verb) is { } found => (found.Name, found.Operation, version),
            ("GET", ["deletedkeys"]) => ("GetDeletedKeys", reads.GetDeletedKeys, null),
            ("GET", ["deletedkeys", _]) => ("GetDeletedKey", deletes.GetDeletedKey, null),
            ("POST", ["deletedkeys", _, "recover"]) => ("RecoverDeletedKey", deletes.RecoverDeletedKey, null),
            ("DELETE", ["deletedkeys", _]) => ("PurgeDeletedKey", deletes.PurgeDeletedKey, null),
            _ =>
                ("Unknown", _ => throw new AzureProblem(405, "MethodNotAllowed", "The operation is not modelled."),
                    null),
        };

    private (string Name, Func<VaultCall, Task> Operation)? Crypto(string verb) => verb.ToLowerInvariant() switch
    {
        "encrypt" => ("Encrypt", crypto.Encrypt),
        "decrypt" => ("Decrypt", crypto.Decrypt),
        "wrapkey" => ("WrapKey", crypto.WrapKey),
        "unwrapkey" => ("UnwrapKey", crypto.UnwrapKey),
        _ => null,
    };
}
