using System.Security.Cryptography;
using System.Text.Json;

namespace LocalCloud.Aws.Kms;

/// <summary>Grants. Made only on a usable key, but listed, revoked and retired in every state, so that cleaning up
/// after a revocation works.</summary>
internal sealed class KmsGrants(KmsEngine engine, KmsKeys keys)
{
    private const int MaxGrantsPerKey = 50_000;
    private const int DefaultPage = 50;

    public void CreateGrant(KmsCall call, Utf8JsonWriter answer)
    {
        var wanted = ReadGrant(call);
        var use = call.Use();
        use.Grant = wanted;
        var key = keys.Permitted(call, "CreateGrant", use);
        if (key.State is not (KmsKeyState.Enabled or KmsKeyState.Unavailable or KmsKeyState.Updating))
        {
            engine.DemandEnabled(key, TimeSpan.Zero);
        }

        if (call.Flag("DryRun"))
        {
            throw KmsProblems.DryRun();
        }

        lock (key.Gate)
        {
            if (key.Grants.FirstOrDefault(one => one.IsSameRequest(wanted)) is { } same)
            {
                wanted = wanted with { Id = same.Id, Created = same.Created };
                key.SetGrants(
                    key.Grants.Select(one => one == same ? wanted with { VisibleFrom = same.VisibleFrom } : one));
            }
            else if (key.Grants.Count >= MaxGrantsPerKey)
            {
                throw KmsProblems.Of("LimitExceededException", $"Too many grants on {key.Arn}");
            }
            else
            {
                key.SetGrants(key.Grants.Append(wanted));
            }
        }

        answer.WriteString("GrantToken", wanted.Token);
        answer.WriteString("GrantId", wanted.Id);
    }

    public void ListGrants(KmsCall call, Utf8JsonWriter answer)
    {
        var key = keys.Permitted(call, "ListGrants");
        var found = key.Grants.Where(one => (call.Text("GrantId") is not { } id || one.Id == id)
            && (call.Text("GranteePrincipal") is not { } grantee || one.Grantee == grantee)).ToList();
        WritePage(call, answer, found.Select(one => (key, one)).ToList());
    }

    public void ListRetirableGrants(KmsCall call, Utf8JsonWriter answer)
    {
        var retiring = call.Needed("RetiringPrincipal");
        var found = engine.Registry.In(call.Region, call.Caller.Account)
            .SelectMany(key => key.Grants.Where(one => one.Retiring == retiring).Select(one => (key, one))).ToList();
        WritePage(call, answer, found);
    }

    public void RevokeGrant(KmsCall call, Utf8JsonWriter answer)
    {
        var key = keys.Permitted(call, "RevokeGrant");
        Remove(call, key, key.Grants.FirstOrDefault(one => one.Id == call.Needed("GrantId")));
    }

    public void RetireGrant(KmsCall call, Utf8JsonWriter answer)
    {
        var token = call.Text("GrantToken");
        var (key, grant) = token is not null
            ? Everywhere(call).FirstOrDefault(one => one.Grant.Token == token)
            : (engine.Registry.Resolve(call.Needed("KeyId"), call.Region, call.Caller.Account), default(KmsGrant));
        grant ??= key?.Grants.FirstOrDefault(one => one.Id == call.Text("GrantId"));
        if (key is null || grant is null)
        {
            throw token is null ? KmsProblems.NotFound($"Grant ID {call.Text("GrantId")} not found")
                : KmsProblems.Of("InvalidGrantTokenException", "Invalid grant token");
        }

        var may = grant.Retiring == call.Caller.PrincipalArn || grant.Retiring == call.Caller.Arn
            || (grant.Operations.Contains("RetireGrant") && grant.Grantee == call.Caller.PrincipalArn);
        if (!may)
        {
            KmsAuthorizer.Demand(key, call.Use(), "kms:RetireGrant", engine.Now);
        }

        Remove(call, key, grant);
    }

    private IEnumerable<(KmsKey? Key, KmsGrant Grant)> Everywhere(KmsCall call) =>
        engine.Registry.InRegion(call.Region).SelectMany(key => key.Grants.Select(grant => ((KmsKey?)key, grant)));

    private static void Remove(KmsCall call, KmsKey key, KmsGrant? grant)
    {
        if (grant is null)
        {
            throw KmsProblems.NotFound($"Grant ID {call.Text("GrantId")} not found");
        }

        if (call.Flag("DryRun"))
        {
            throw KmsProblems.DryRun();
        }

        lock (key.Gate)
        {
            key.SetGrants(key.Grants.Where(one => one.Id != grant.Id));
        }
    }

    private KmsGrant ReadGrant(KmsCall call)
    {
        var operations = call.Texts("Operations");
        if (operations.Count == 0)
        {
            throw KmsProblems.Validation(
                "1 validation error detected: Value at 'operations' failed to satisfy constraint: Member must not be "
                    + "null");
        }

        var constraints = call.Has("Constraints") ? call.Element("Constraints") : default;
        var has = constraints.ValueKind == JsonValueKind.Object;
        return new KmsGrant(
            Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)),
            Convert.ToBase64String(RandomNumberGenerator.GetBytes(96)),
            call.Needed("GranteePrincipal"),
            call.Text("RetiringPrincipal"),
            operations)
        {
            Name = call.Text("Name"),
            IssuingAccount = call.Caller.Account,
            ContextEquals = has && constraints.TryGetProperty("EncryptionContextEquals", out var exact)
                ? KmsCall.ReadPairs(exact) : null,
            ContextSubset = has && constraints.TryGetProperty("EncryptionContextSubset", out var subset)
                ? KmsCall.ReadPairs(subset) : null,
            Created = engine.Now,
            VisibleFrom = engine.Now + engine.Switches.GrantLag.Value,
        };
    }

    private static void WritePage(KmsCall call, Utf8JsonWriter answer, List<(KmsKey Key, KmsGrant Grant)> found)
    {
        var limit = call.Number("Limit") ?? DefaultPage;
        var start = call.Text("Marker") is { } marker ? found.FindIndex(one => one.Grant.Id == marker) + 1 : 0;
        var page = found.Skip(start).Take(limit).ToList();
        answer.WriteStartArray("Grants");
        page.ForEach(one => GrantEntry.Write(answer, one.Key, one.Grant));
        answer.WriteEndArray();
        var more = start + page.Count < found.Count;
        answer.WriteBoolean("Truncated", more);
        if (more)
        {
            answer.WriteString("NextMarker", page[^1].Grant.Id);
        }
    }
}
