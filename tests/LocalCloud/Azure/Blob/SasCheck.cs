using System.Security.Cryptography;
using System.Text;
using LocalCloud.Aws;
using LocalCloud.Azure.Storage;

namespace LocalCloud.Azure.Blob;

/// <summary>Shared access signatures: the three kinds, each with its own string to sign.</summary>
internal sealed class SasCheck(AzureCloud cloud)
{
    private const string Encryption = "2020-12-06";
    private const string DelegatedUser = "2025-07-05";

    public BlobCaller Admit(
        (RawQuery Query, bool IsHttps) call, StorageAccount account, (string? Container, string? Blob) target)
    {
        var token = new SasToken(call.Query);
        if (!token.IsDelegated && !account.Settings.SharedKey)
        {
            throw BlobProblems.KeysNotPermitted();
        }

        var container = target.Container is null ? null : account.Containers.GetValueOrDefault(target.Container);
        var text = token.IsAccount ? AccountText(token, account) : ServiceText(token, Resource(token, account, target));
        DemandSignature(token, account, text);
        ApplyPolicy(token, container);
        DemandTime(token);
        if (token["spr"] == "https" && !call.IsHttps && !cloud.Options.TreatHttpAsSecure)
        {
            throw BlobProblems.ProtocolMismatch();
        }

        DemandTarget(token, call.Query, target);
        var delegator = token.IsDelegated ? new AzurePrincipal(token["sktid"], "", token["skoid"]) : null;
        return new BlobCaller.Sas(token, delegator);
    }

    /// <summary>A user delegation key: made from what it says and a secret of
    /// the account's that revoking changes.</summary>
    public static byte[] DelegationKey(StorageAccount account, IEnumerable<string> parts) =>
        HMACSHA256.HashData(account.RootKey,
            Encoding.UTF8.GetBytes($"{account.DelegationsVoidBefore.UtcTicks}\n{string.Join('\n', parts)}"));

    private static void DemandSignature(SasToken token, StorageAccount account, string text)
    {
        var keys = token.IsDelegated
            ?
            [
                DelegationKey(account,
                    [token["skoid"], token["sktid"], token["skt"], token["ske"], token["sks"], token["skv"]]),
            ]
            : account.Keys.Select(key => key.Value);
        if (!keys.Any(key => Signs(key, text, token.Signature)))
        {
            throw BlobProblems.AuthenticationFailed($"Signature did not match. String to sign used was {text}");
        }
    }

    public static bool Signs(byte[] key, string text, string signature) =>
        CryptographicOperations.FixedTimeEquals(
            Encoding.ASCII.GetBytes(Convert.ToBase64String(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text)))),
            Encoding.ASCII.GetBytes(signature));

    private static string Resource(SasToken token, StorageAccount account, (string? Container, string? Blob) target) =>
        token.Resource switch
        {
            "c" => $"/blob/{account.Name}/{target.Container}",
            "b" or "bs" or "bv" => $"/blob/{account.Name}/{target.Container}/{target.Blob}",
            _ => throw BlobProblems.AuthenticationFailed("sr is mandatory"),
        };

    private static string ServiceText(SasToken t, string resource)
    {
        List<string> lines = [t["sp"], t["st"], t["se"], resource];
        if (t.IsDelegated)
        {
            lines.AddRange(
                [t["skoid"], t["sktid"], t["skt"], t["ske"], t["sks"], t["skv"], t["saoid"], t["suoid"], t["scid"]]);
            if (string.CompareOrdinal(t.Version, DelegatedUser) >= 0)
            {
                lines.AddRange([t["skdutid"], t["sduoid"]]);
            }
        }
        else
        {
            lines.Add(t["si"]);
        }

        lines.AddRange(
            [t["sip"], t["spr"], t["sv"], t["sr"], t.Resource == "bv" ? t["versionid"]
                : t.Resource == "bs" ? t["snapshot"] : ""]);
        if (string.CompareOrdinal(t.Version, Encryption) >= 0)
        {
            lines.Add(t["ses"]);
        }

        lines.AddRange([t["rscc"], t["rscd"], t["rsce"], t["rscl"], t["rsct"]]);
        return string.Join('\n', lines);
    }

    private static string AccountText(SasToken t, StorageAccount account)
    {
        List<string> lines = [account.Name, t["sp"], t["ss"], t["srt"], t["st"], t["se"], t["sip"], t["spr"], t["sv"]];
        if (string.CompareOrdinal(t.Version, Encryption) >= 0)
        {
            lines.Add(t["ses"]);
        }

        return string.Join('\n', lines) + "\n";
    }

    private static void ApplyPolicy(SasToken token, Container? container)
    {
        if (token.Policy is not { } id)
        {
            return;
        }

        var policy = container?.Policies.GetValueOrDefault(id)
            ?? throw BlobProblems.AuthenticationFailed("Access policy does not exist.");
        token.Permissions = token.Permissions.Length > 0 ? token.Permissions : policy.Permissions ?? "";
        token.Start ??= policy.Start;
        token.Expiry ??= policy.Expiry;
    }

    private void DemandTime(SasToken token)
    {
        var now = cloud.Clock.GetUtcNow();
        var keyEnds = token.IsDelegated ? SasToken.Time(token["ske"]) : null;
        if (token.Expiry is not { } expiry || expiry <= now || token.Start > now || keyEnds <= now
            || (token.IsDelegated && SasToken.Time(token["skt"]) > now))
        {
            throw BlobProblems.AuthenticationFailed(
                $"Signature not valid in the specified time frame: Start [{token.Start:R}] - Expiry "
                    + $"[{token.Expiry:R}] - Current [{now:R}]");
        }
    }

    /// <summary>A signature of a blob is one of neither its snapshots nor its versions.</summary>
    private static string Kind(RawQuery query) => query.Has("snapshot") ? "bs" : query.Has("versionid") ? "bv" : "b";

    private static void DemandTarget(SasToken token, RawQuery query, (string? Container, string? Blob) target)
    {
        var level = target.Blob is not null ? 'o' : target.Container is not null ? 'c' : 's';
        if (token.IsAccount)
        {
            if (!token["ss"].Contains('b', StringComparison.Ordinal))
            {
                throw BlobProblems.ServiceMismatch();
            }

            // Listing a container's blobs is the container's affair, whatever the path.
            if (!token["srt"].Contains(level, StringComparison.Ordinal))
            {
                throw BlobProblems.ResourceTypeMismatch();
            }
        }
        else if (level == 's' || (level == 'c' && token.Resource != "c")
            || (token.Resource != "c" && Kind(query) != token.Resource))
        {
            throw BlobProblems.PermissionMismatch();
        }
    }
}
