using System.Text;

namespace Kube.Client;

/// <summary>What a kubeconfig says of its user, as kubectl reads it,
/// put into the official client's configuration.</summary>
internal static class UserFields
{
    /// <summary>The first that is there speaks; a certificate may stand beside a token.
    /// With any of them a plugin is not run.</summary>
    public static void Apply(KubeConnection connection, ConfigNode user, ConfigNode cluster, TimeProvider time)
    {
        if (user.Child("auth-provider") is not null)
        {
            throw user.Problem("auth-provider", "went away with Kubernetes 1.26: use an exec plugin");
        }

        var hasCertificate = ApplyCertificate(connection, user);
        var token = Token(user);
        (connection.Username, connection.Password) = (user.Text("username"), user.Text("password"));
        if (token is not null && connection.Username is not null)
        {
            throw user.Problem("token", "stands beside a username: remove one of them");
        }

        var plugin = user.Child("exec") is { } exec ? ExecPlugin.From(exec, cluster) : null;
        if (user.FilePath("tokenFile") is { } file)
        {
            connection.TokenProvider = new TokenFile(file, token);
        }
        else if (token is not null)
        {
            connection.AccessToken = token;
        }
        else if (plugin is not null && connection.Username is null && !hasCertificate)
        {
            connection.TokenProvider = new ExecTokens(plugin, time);
        }
        else if (connection.Username is null && !hasCertificate
            && connection.Host.StartsWith("https:", StringComparison.Ordinal))
        {
            throw user.Problem("token",
                "is missing, and so is every other credential: give a token, tokenFile, client-certificate or exec");
        }
    }

    public static IReadOnlyList<KeyValuePair<string, string>> Impersonation(ConfigNode user)
    {
        var name = user.Text("as");
        var headers = new List<KeyValuePair<string, string>>();
        if (user.Text("as-uid") is { } uid)
        {
            headers.Add(new("Impersonate-Uid", uid));
        }

        headers.AddRange(user.List("as-groups")
            .Select(group => new KeyValuePair<string, string>("Impersonate-Group", group.Required("value"))));
        if (user.Child("as-user-extra") is { } extra)
        {
            headers.AddRange(
                extra.Names.SelectMany(key =>
                    extra.List(key)
                        .Select(value =>
                            new KeyValuePair<string, string>("Impersonate-Extra-" + Escaped(key),
                                value.Required("value")))));
        }

        if (headers.GroupBy(header => header.Key, StringComparer.OrdinalIgnoreCase)
            .FirstOrDefault(values => values.Count() > 1) is { } several)
        {
            // HttpClient joins them by a comma, and the server takes that for one value of that name.
            throw user.Problem(several.Key == "Impersonate-Group" ? "as-groups"
                : "as-user-extra", "has several values of one kind, and this client can send one: give one");
        }

        return name is not null ? [new("Impersonate-User", name), .. headers]
            : headers.Count == 0 ? []
            : throw user.Problem("as", "is missing, and as-uid, as-groups or as-user-extra say more of whom to act as");
    }

    private static string? Token(ConfigNode user) =>
        user.Text("token") is not { } token ? null
        : token.Any(char.IsControl) ? throw user.Problem("token", "holds a line break: write it on one line")
        : token;

    private static bool ApplyCertificate(KubeConnection connection, ConfigNode user)
    {
        var certificate = user.DataOrFile("client-certificate");
        var key = user.DataOrFile("client-key");
        if (certificate is null && key is null)
        {
            return false;
        }

        if (certificate is null || key is null)
        {
            throw certificate is null ? user.Problem("client-key", "stands alone: add client-certificate")
                : user.Problem("client-certificate", "stands alone: add client-key");
        }

        if (Pem.Pair(certificate, key) is null)
        {
            throw user.Problem("client-certificate", "and client-key are not a PEM pair that belongs together");
        }

        connection.ClientCertificateData = Convert.ToBase64String(certificate);
        connection.ClientCertificateKeyData = Convert.ToBase64String(key);
        return true;
    }

    /// <summary>What can't stand in a header's name is percent-encoded, in lower case: the server folds case.</summary>
    private static string Escaped(string key) =>
        string.Concat(Encoding.UTF8.GetBytes(key)
            .Select(octet =>
                octet < 0x80
                    && (char.IsAsciiLetterOrDigit((char)octet)
                        || "!#$&'*+-.^_`|~".Contains((char)octet, StringComparison.Ordinal))
                    ? ((char)octet).ToString()
                    : $"%{octet:X2}"));
}
