using System.Globalization;
using System.Text;
using ByokOperator.Api;
using Cluster.Tests.Primitives;
using Kube.Core;
using Kube.Core.Kinds;
using LocalCloud;
using Quickstart;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Stories;

/// <summary>
/// A tenant fills its namespace with large objects that bear our labels. What the operator holds does not grow with
/// what they hold, and it goes on asking keys. The bound is of memory and calls, not of time.
/// </summary>
public sealed class LargeObjectsStory
{
    private const int Maps = 300;
    private const int MegaBytes = 1024 * 1024;

    /// <summary>What 300 of them hold is 300 MB, and three times that as texts in memory.
    /// A page of metadata and one watch line are a few.</summary>
    private const int MostGrowth = 128 * MegaBytes;

    private static readonly string[] labels = ["canary", "policy", "report", "place", "binding", "record"];

    [Fact]
    public async Task Three_hundred_maps_of_a_megabyte_with_our_labels_cost_no_memory_and_no_key_its_proof()
    {
        var kubeconfig = Path.GetTempFileName();
        try
        {
            ChildProcess? process = null;
            await using var tenant = await Tenant.MoveInWithAsync(stage =>
            {
                File.WriteAllText(kubeconfig, stage.Server!.KubeconfigFor(Quickstart.Stage.OperatorAccount));
                stage.StartNode(Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance);
                process = Start(stage, kubeconfig);
            });
            await tenant.ApplyKeyAsync();
            await tenant.ApplyStoreAsync(change: spec => spec with { Shared = null });
            await tenant.UntilReadyAsync();
            await UntilAskedAsync(tenant, 5);
            var before = PeakOf(process!.Id);

            await FillAsync(tenant);
            await UntilAskedAsync(tenant, 5);
            var watching = PeakOf(process.Id);
            await process.DisposeAsync();
            process = Start(tenant.Stage, kubeconfig);
            await UntilAskedAsync(tenant, 5);
            var starting = PeakOf(process.Id);
            tenant.Cloud.SetKeyState(tenant.KeyArn, "Disabled");
            var closed = await tenant.UntilClosedAsync();
            await process.DisposeAsync();

            TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{Maps} ConfigMaps of 1 MB: peak of the operator {before / MegaBytes} MB before, "
                    + $"{watching / MegaBytes} MB with them, {starting / MegaBytes} MB started beside them; "
                    + $"availability={closed.Status!.Availability} ({closed.Status.ClosedReason})"));
            (watching - before).ShouldBeLessThan(MostGrowth);
            (starting - before).ShouldBeLessThan(MostGrowth);
        }
        finally
        {
            File.Delete(kubeconfig);
        }
    }

    private static ChildProcess Start(Stage stage, string kubeconfig) => StageOperator.Start(stage, kubeconfig);

    /// <summary>Every other one holds as many annotations as a server takes, too.</summary>
    private static Task FillAsync(Tenant tenant)
    {
        var content = new string('x', MegaBytes);
        var note = new string('y', 200 * 1024);
        return Parallel.ForAsync(0, Maps, new ParallelOptions { MaxDegreeOfParallelism = 2 },
            async (each, cancellation) =>
            {
                var name = each % 4 == 0 ? $"large-{each}-policy" : $"large-{each}";
                var body = $$$"""
                    {"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"{{{name}}}","namespace":"{{{Tenant.Namespace}}}",
                    "labels":{"{{{Labels.ManagedBy}}}":"{{{Labels.ManagedByValue}}}","{{{Children.ChildLabel}}}":"{{{labels[each % labels.Length]}}}","byok.dev/record":"key"},
                    "annotations":{"a":"{{{(each % 2 == 0 ? note : "")}}}"}},"data":{"content":"{{{content}}}"}}
                    """;
                using var request =
                    new HttpRequestMessage(HttpMethod.Post, $"/api/v1/namespaces/{Tenant.Namespace}/configmaps");
                request.Content = new StringContent(body, Encoding.UTF8, "application/json");
                await tenant.Stage.Kube.SendAsync(request, cancellation);
            });
    }

    private static async Task UntilAskedAsync(Tenant tenant, int times)
    {
        tenant.Cloud.ResetCalls();
        await Until.TrueAsync("the key is asked again and again",
            () => Task.FromResult(tenant.Cloud.Count("kms", "Decrypt") >= times));
    }

    /// <summary>The most memory that the process ever had resident, in bytes.</summary>
    private static long PeakOf(int id) => 1024 * long.Parse(
        File.ReadLines($"/proc/{id}/status").First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal))
            .Split(':')[1].Replace("kB", "", StringComparison.Ordinal).Trim(),
        CultureInfo.InvariantCulture);
}
