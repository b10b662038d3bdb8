using Cluster.Tests.Primitives;
using Shouldly;
using Xunit;

namespace Cluster.Tests.Smoke;

/// <summary>That the cluster is one on which the other suites can prove something.</summary>
[Trait("Server", "kubernetes")]
public sealed class ClusterTests(RealCluster cluster) : IClassFixture<RealCluster>
{
    [Fact]
    public async Task A_job_runs_and_its_log_can_be_read()
    {
        await using var space = await cluster.NamespaceAsync("smoke");
        await cluster.Administrator.ApplyAsync(Job("sh", "-c", "echo from $WHO"), "--namespace", space.Name);

        await Until.HoldsAsync("the Job is complete", async () =>
            (await cluster.Administrator.GetAsync("--namespace", space.Name, "job/smoke"))["status"]! is var status
                && (int?)status["succeeded"] == 1
                ? null
                : status.ToJsonString());
        (await cluster.Administrator.RunAsync("--namespace", space.Name, "logs", "job/smoke")).ShouldBe("from a pod\n");
    }

    [Fact]
    public async Task A_killed_container_is_started_again()
    {
        await using var space = await cluster.NamespaceAsync("killed");
        await cluster.Administrator.ApplyAsync(Job("sleep", "1000")
            .Replace("Never", "OnFailure", StringComparison.Ordinal), "--namespace", space.Name);
        var killed = 0;
        await Until.HoldsAsync("the container has restarted", async () =>
        {
            var pod = (await cluster.Administrator.GetAsync("--namespace", space.Name, "pods"))["items"]![0]!;
            if (killed == 0 && (string?)pod["status"]!["phase"] == "Running")
            {
                killed = await PodProcesses.KillAsync((string)pod["metadata"]!["uid"]!);
            }

            return killed == 1 && (int?)pod["status"]!["containerStatuses"]?[0]!["restartCount"] > 0 ? null
                : pod["status"]!.ToJsonString();
        });
    }

    [Fact]
    public async Task A_deleted_namespace_takes_its_secrets_with_it()
    {
        await using var space = await cluster.NamespaceAsync("gone");
        await cluster.Administrator.RunAsync("--namespace", space.Name, "create", "secret", "generic", "s",
            "--from-literal=a=b");
        await cluster.Administrator.RunAsync("delete", "namespace", space.Name);
        (await cluster.Administrator.FindAsync("--namespace", space.Name, "secret/s")).ShouldBeNull();
    }

    private static string Job(params string[] command) => $$"""
        apiVersion: batch/v1
        kind: Job
        metadata: {name: smoke}
        spec:
          backoffLimit: 3
          template:
            spec:
              restartPolicy: Never
              terminationGracePeriodSeconds: 0
              containers:
                - name: shell
                  image: "{{RealCluster.ShellImage}}"
                  imagePullPolicy: IfNotPresent
                  command: [{{string.Join(", ", command.Select(word => $"\"{word}\""))}}]
                  env: [{name: WHO, value: a pod}]
        """;
}
