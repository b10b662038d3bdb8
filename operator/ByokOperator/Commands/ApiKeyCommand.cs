using System.CommandLine;
using System.Security.Cryptography;
using System.Text.Json;
using Byok.Import.Serving;
using ByokOperator.Api;
using ByokOperator.Hosting;
using Kube.Core;
using Kube.Core.Kinds;

namespace ByokOperator.Commands;

/// <summary><c>byok-operator apikey create</c>: the key on stderr, once, for the tenant; its record on stdout, as a
/// manifest for the cluster. Asks no server.</summary>
internal static class ApiKeyCommand
{
    private static readonly Option<string> Enterprise =
        new("--enterprise") { Description = "what the tenant goes by in /!/ems/enterprises/ID/...", Required = true };
    private static readonly Option<string> Tenant =
        new("--tenant-namespace") { Description = "namespace of the TenantEncryptionKey", Required = true };
    private static readonly Option<string> TenantUid = new("--tenant-namespace-uid")
    {
        Description =
            "its uid: kubectl get namespace NAME -o jsonpath={.metadata.uid}; a namespace made anew under the name "
                + "gets nothing",
        Required = true,
    };
    private static readonly Option<string> Key =
        new("--key") { Description = "name of the TenantEncryptionKey", Required = true };
    private static readonly Option<string> Namespace = new("--namespace")
    {
        Description = "the import API's namespace, where the record goes",
        DefaultValueFactory = _ => "byok-system",
    };
    private static readonly Option<string?> ExpiresAfter = new("--expires-after")
    {
        Description = "how long the key is good, such as 8760h; left out: until its Secret is deleted",
    };

    public static Command Create()
    {
        Command create = new("create",
            "Make an API key for one tenant's key: the key goes to stderr, the Secret with its hash to stdout (pipe "
                + "it into kubectl apply -f -).");
        foreach (var option in (Option[])[Enterprise, Tenant, TenantUid, Key, Namespace, ExpiresAfter])
        {
            create.Options.Add(option);
        }

        create.SetAction(parsed => Act(parsed, TimeProvider.System, Console.Out, Console.Error));
        return new Command("apikey", "API keys of the import API.") { create };
    }

    internal static int Act(ParseResult parsed, TimeProvider time, TextWriter manifest, TextWriter person)
    {
        var life = TimeSpan.Zero;
        if (parsed.GetValue(ExpiresAfter) is { } text
            && (!GoDuration.TryParse(text, out life) || life <= TimeSpan.Zero))
        {
            person.WriteLine($"byok-operator: --expires-after is '{text}': give a duration such as 8760h");
            return ExitCodes.Usage;
        }

        var enterprise = parsed.GetValue(Enterprise)!;
        if (enterprise.Length is 0 or > 64
            || !enterprise.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.'))
        {
            person.WriteLine(
                "byok-operator: --enterprise: give 1 to 64 letters, digits, hyphens, underscores or dots: it stands "
                    + "in a URL");
            return ExitCodes.Usage;
        }

        if (Misnamed(parsed) is { } flag)
        {
            person.WriteLine(
                $"byok-operator: {flag}: give the name as the cluster has it, in lower-case letters, digits and "
                    + "hyphens");
            return ExitCodes.Usage;
        }

        var uid = parsed.GetValue(TenantUid)!;
        if (!Guid.TryParseExact(uid, "D", out _))
        {
            person.WriteLine(
                $"byok-operator: --tenant-namespace-uid is '{uid}': give what `kubectl get namespace "
                    + $"{parsed.GetValue(Tenant)} -o jsonpath={{.metadata.uid}}` prints");
            return ExitCodes.Usage;
        }

        var key = ApiKey.Make();
        var salt = RandomNumberGenerator.GetBytes(ApiKey.SaltBytes);
        var secret = ApiKeySecret.Build(parsed.GetValue(Namespace)!, new ApiKeyRecord
        {
            Id = key.Id,
            Enterprise = enterprise,
            Key = new ObjectKey(parsed.GetValue(Tenant)!, parsed.GetValue(Key)!),
            NamespaceUid = uid,
            ExpiresAt = life > TimeSpan.Zero ? time.GetUtcNow() + life : null,
            Salt = salt,
            Hash = key.HashWith(salt),
        });
        manifest.WriteLine(JsonSerializer.Serialize(secret, Secret.Json)); // JSON is YAML too
        person.WriteLine($"The API key, shown this once: {key.Reveal()}");
        return ExitCodes.Done;
    }

    private static string? Misnamed(ParseResult parsed) =>
        !ObjectNames.IsNamespace(parsed.GetValue(Namespace)!) ? Namespace.Name
        : !ObjectNames.IsNamespace(parsed.GetValue(Tenant)!) ? Tenant.Name
        : !ObjectNames.IsName(parsed.GetValue(Key)!) ? Key.Name
        : null;
}
