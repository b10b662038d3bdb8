using System.Text.Json.Nodes;

namespace Cluster.Tests.Primitives;

/// <summary>kubectl as one user. What it says is kept; what fails throws with kubectl's own words,
/// unless asked by Try.</summary>
public sealed class Kubectl(string kubeconfig)
{
    private static readonly string Program =
        Environment.GetEnvironmentVariable("BYOK_TEST_KUBECTL") is { Length: > 0 } path ? path : "kubectl";

    public string Kubeconfig => kubeconfig;

    public async Task<string> RunAsync(params string[] arguments) => (await TryAsync(arguments)).Require();

    public Task<CommandResult> TryAsync(params string[] arguments) => WithInputAsync(null, arguments);

    /// <summary>Server-side, as one manager of fields, so that a test may apply the same thing twice.</summary>
    public async Task<string> ApplyAsync(string yaml, params string[] arguments) =>
        (await TryApplyAsync(yaml, arguments)).Require();

    public Task<CommandResult> TryApplyAsync(string yaml, params string[] arguments) =>
        WithInputAsync(yaml, ["apply", "--server-side", "--force-conflicts", "-f", "-", .. arguments]);

    public async Task<JsonNode> GetAsync(params string[] arguments) =>
        JsonNode.Parse(await RunAsync(["get", "-o", "json", .. arguments]))!;

    /// <summary>Null where the object is not there; any other trouble throws.</summary>
    public async Task<JsonNode?> FindAsync(params string[] arguments) =>
        await RunAsync(["get", "-o", "json", "--ignore-not-found", .. arguments]) is { Length: > 0 } text
            ? JsonNode.Parse(text) : null;

    /// <summary>Whether this user may do it, as the server answers.</summary>
    public async Task<bool> MayAsync(params string[] arguments) =>
        (await TryAsync(["auth", "can-i", .. arguments])).Output.StartsWith("yes", StringComparison.Ordinal);

    /// <summary>With the input given where the arguments say <c>-f -</c>.</summary>
    public Task<CommandResult> WithInputAsync(string? input, params string[] arguments) =>
        Command.RunAsync(Program, ["--kubeconfig", kubeconfig, .. arguments], input);
}
