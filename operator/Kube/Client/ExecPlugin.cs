using System.Text.Json.Nodes;

namespace Kube.Client;

/// <summary>How to call a credential plugin (client.authentication.k8s.io).</summary>
internal sealed record ExecPlugin
{
    private const string Group = "client.authentication.k8s.io/";

    public required string Command { get; init; }

    public required string ApiVersion { get; init; }

    public IReadOnlyList<string> Arguments { get; init; } = [];

    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    public string? InstallHint { get; init; }

    /// <summary>What the plugin finds in <c>KUBERNETES_EXEC_INFO</c>.</summary>
    public required string Information { get; init; }

    public static ExecPlugin From(ConfigNode exec, ConfigNode cluster)
    {
        var version = exec.Required("apiVersion");
        if (version is not (Group + "v1" or Group + "v1beta1"))
        {
            throw exec.Problem("apiVersion", $"is {version}: this client speaks {Group}v1 and v1beta1");
        }

        var mode = version == Group + "v1" ? exec.Required("interactiveMode")
            : exec.Text("interactiveMode") ?? "IfAvailable";
        if (mode is not ("Never" or "IfAvailable" or "Always"))
        {
            throw exec.Problem("interactiveMode", "must be Never or IfAvailable");
        }

        if (mode == "Always")
        {
            throw exec.Problem("interactiveMode",
                "is Always, and there is no terminal here: use a plugin that can do without");
        }

        return new ExecPlugin
        {
            Command = CommandPath(exec),
            ApiVersion = version,
            Arguments = [.. exec.List("args").Select(argument => argument.Text("value") ?? "")],
            Environment = exec.List("env")
                .ToDictionary(entry => entry.Required("name"), entry => entry.Text("value") ?? ""),
            InstallHint = exec.Text("installHint"),
            Information = Describe(version, exec.Flag("provideClusterInfo") ? cluster : null),
        };
    }

    /// <summary>A bare name is looked up in PATH; a relative path starts at the file it stands in.</summary>
    private static string CommandPath(ConfigNode exec)
    {
        var command = exec.Required("command");
        return command.Contains('/', StringComparison.Ordinal) ? Path.Combine(exec.Directory, command) : command;
    }

    private static string Describe(string version, ConfigNode? cluster)
    {
        var spec = new JsonObject { ["interactive"] = false };
        if (cluster is not null)
        {
            var told = new JsonObject { ["server"] = cluster.Required("server") };
            if (cluster.DataOrFile("certificate-authority") is { } authority)
            {
                told["certificate-authority-data"] = Convert.ToBase64String(authority);
            }

            if (cluster.Text("tls-server-name") is { } name)
            {
                told["tls-server-name"] = name;
            }

            if (cluster.Text("proxy-url") is { } proxy)
            {
                told["proxy-url"] = proxy;
            }

            told["insecure-skip-tls-verify"] = cluster.Flag("insecure-skip-tls-verify");
            spec["cluster"] = told;
        }

        return new JsonObject { ["apiVersion"] = version, ["kind"] = "ExecCredential", ["spec"] = spec }.ToJsonString();
    }
}
