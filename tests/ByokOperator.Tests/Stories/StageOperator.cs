using Cluster.Tests.Primitives;
using LocalCloud;
using Quickstart;

namespace ByokOperator.Tests.Stories;

/// <summary>The operator as a process of its own, on a stage's servers.</summary>
internal static class StageOperator
{
    /// <param name="stage">Where everything else runs.</param>
    /// <param name="kubeconfig">The file that leads to the stage's API server.</param>
    /// <param name="more">Options besides those that every one has.</param>
    public static ChildProcess Start(Stage stage, string kubeconfig, params string[] more) =>
        StartAt(stage, kubeconfig, port: 0, more);

    /// <param name="stage">Where everything else runs.</param>
    /// <param name="kubeconfig">The file that leads to the stage's API server.</param>
    /// <param name="port">Of health and metrics; 0: any.</param>
    /// <param name="more">Options besides those that every one has.</param>
    public static ChildProcess StartAt(Stage stage, string kubeconfig, int port, params string[] more) =>
        Programs.StartOperator(
            kubeconfig,
            new Dictionary<string, string>
            {
                ["AWS_ENDPOINT_URL"] = stage.Cloud.Url.ToString(),
                ["AWS_REGION"] = Stage.Region,
                ["AWS_ACCESS_KEY_ID"] = LocalCloudAccounts.OperatorAccessKey,
                ["AWS_SECRET_ACCESS_KEY"] = LocalCloudAccounts.OperatorSecret,
                ["BYOK_LOG_LEVEL"] = "Warning",
            },
            ["--namespace", Stage.SystemNamespace, "--listen", $"127.0.0.1:{port}", "--image", "embedded",
                "--lease-duration", "5s", "--aws-operator-role", LocalCloudAccounts.OperatorRole, .. more]);
}
