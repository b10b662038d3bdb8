using System.Text.Json.Nodes;

namespace Cluster.Tests.Primitives;

/// <summary>A kubeconfig with the token of a service account,
/// and with nothing of the administrator's left in it.</summary>
public static class ServiceAccountKubeconfig
{
    /// <summary>Longer than any test, shorter than a leak matters.</summary>
    private const string Lifetime = "2h";

    public static async Task<string> CreateAsync(Kubectl administrator, string space, string account)
    {
        var token = (await administrator.RunAsync("--namespace", space, "create", "token", account, "--duration",
            Lifetime)).Trim();
        var config = JsonNode.Parse(
            await administrator.RunAsync("config", "view", "--raw", "--flatten", "--minify", "-o", "json"))!;
        config["users"] =
            new JsonArray(new JsonObject { ["name"] = account, ["user"] = new JsonObject { ["token"] = token } });
        config["contexts"]![0]!["context"]!["user"] = account;

        // The folder is readable by its owner alone, so the token is too.
        var path = Path.Combine(Directory.CreateTempSubdirectory("byok-account-").FullName, "kubeconfig");
        await File.WriteAllTextAsync(path, config.ToJsonString());
        return path;
    }
}
