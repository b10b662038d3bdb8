using ByokOperator.Hosting;
using Kube.Client;
using Kube.Core;

namespace ByokOperator.Commands;

/// <summary>A person's command that asks a cluster something and ends:
/// what the cluster refuses is one line and an exit code.</summary>
internal static class Asking
{
    public static async Task<int> RunAsync(
        string? kubeconfig, string? context, TextWriter person, Func<KubeClient, Task<int>> askAsync)
    {
        try
        {
            using var client = new KubeClient(KubeConfig.Load(kubeconfig, context), Launch.ClientOptions);
            return await askAsync(client);
        }
        catch (Exception failed) when (failed is KubeException or KubeConfigException or HttpRequestException)
        {
            await person.WriteLineAsync($"byok-operator: {Printable.Of(failed.Message)}{MendOf(failed)}");
            return ExitCodes.Failed;
        }
    }

    /// <summary>The server's own words name the verb and what it was for.</summary>
    private static string MendOf(Exception failed) => failed is KubeException { Status.Code: 403 }
        ? "; byok-view lets people look, byok-tenant-editor write keys and stores, byok-key-owner revoke and return, "
            + "byok-platform write Tenants: ask who binds these roles"
        : "";
}
