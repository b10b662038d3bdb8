using System.Text.Json;
using System.Text.Json.Nodes;
using ByokOperator.Cluster;
using ByokOperator.Copies;
using Cloud;
using Kube.Core;
using Kube.Core.Kinds;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Migrations;

/// <summary>The Job of a copy, field by field as the API server gets it: what nobody asked for is not there,
/// neither as null nor as an empty object.</summary>
public sealed class CopyJobTests
{
    private static readonly CopyOrderForJob order =
        new(new ObjectKey("acme", "store"), "01234567-89ab", "Bulk-1", 2, 3, ["copy", "--from", "a"]);

    [Fact]
    public void A_Job_with_all_that_can_be_said_of_its_pods()
    {
        var pods = new CopyPodOptions
        {
            Image = "example.com/byok:1", EnvFromSecrets = ["one", "two"], HostNetwork = true, SchedulerName = "slow",
            NodeSelector = new Dictionary<string, string> { ["disk"] = "fast" }, Queue = "copies",
        };

        Same(CopyJob.For(order with { Cloud = CloudKind.Azure }, pods, "byok-system", indexed: true).Single(), """
            {"apiVersion":"batch/v1","kind":"Job",
             "metadata":{"name":"byok-01234567-bulk-1-2","namespace":"byok-system",
               "labels":{"app.kubernetes.io/managed-by":"byok-operator","byok.dev/child":"copy","byok.dev/store-uid":"01234567-89ab",
                         "byok.dev/fingerprint":"Bulk-1","kueue.x-k8s.io/queue-name":"copies"},
               "annotations":{"byok.dev/store":"acme/store","byok.dev/shards":"3","byok.dev/attempt":"2"}},
             "spec":{"completions":3,"parallelism":3,"completionMode":"Indexed","backoffLimit":1000,
               "podFailurePolicy":{"rules":[
                 {"action":"FailJob","onExitCodes":{"containerName":"copy","operator":"In","values":[2,3,4]}},
                 {"action":"Ignore","onPodConditions":[{"type":"DisruptionTarget","status":"True"}]}]},
               "template":{
                 "metadata":{"labels":{"app.kubernetes.io/managed-by":"byok-operator","byok.dev/child":"copy","byok.dev/store-uid":"01234567-89ab",
                                       "byok.dev/fingerprint":"Bulk-1","azure.workload.identity/use":"true"}},
                 "spec":{"serviceAccountName":"byok-copy","automountServiceAccountToken":false,"restartPolicy":"Never",
                   "hostNetwork":true,"schedulerName":"slow","nodeSelector":{"disk":"fast"},
                   "securityContext":{"runAsNonRoot":true,"runAsUser":65532,"seccompProfile":{"type":"RuntimeDefault"}},
                   "containers":[{"name":"copy","image":"example.com/byok:1","imagePullPolicy":"IfNotPresent",
                     "args":["copy","--from","a"],
                     "envFrom":[{"secretRef":{"name":"one"}},{"secretRef":{"name":"two"}}],
                     "resources":{"requests":{"cpu":"500m","memory":"256Mi"},"limits":{"memory":"256Mi"}},
                     "securityContext":{"allowPrivilegeEscalation":false,"readOnlyRootFilesystem":true,"capabilities":{"drop":["ALL"]}},
                     "terminationMessagePolicy":"FallbackToLogsOnError"}]}}}}
            """);
    }

    [Fact]
    public void A_Job_of_one_shard_of_which_nothing_is_said() =>
        Same(CopyJob.For(order with { Shards = 1 }, new CopyPodOptions { Image = "i" }, "byok-system", indexed: false)
            .Single(), """
            {"apiVersion":"batch/v1","kind":"Job",
             "metadata":{"name":"byok-01234567-bulk-1-2-0","namespace":"byok-system",
               "labels":{"app.kubernetes.io/managed-by":"byok-operator","byok.dev/child":"copy","byok.dev/store-uid":"01234567-89ab",
                         "byok.dev/fingerprint":"Bulk-1"},
               "annotations":{"byok.dev/store":"acme/store","byok.dev/shards":"1","byok.dev/attempt":"2"}},
             "spec":{"completions":1,"parallelism":1,"backoffLimit":1000,
               "podFailurePolicy":{"rules":[
                 {"action":"FailJob","onExitCodes":{"containerName":"copy","operator":"In","values":[2,3,4]}},
                 {"action":"Ignore","onPodConditions":[{"type":"DisruptionTarget","status":"True"}]}]},
               "template":{
                 "metadata":{"labels":{"app.kubernetes.io/managed-by":"byok-operator","byok.dev/child":"copy","byok.dev/store-uid":"01234567-89ab",
                                       "byok.dev/fingerprint":"Bulk-1"}},
                 "spec":{"serviceAccountName":"byok-copy","automountServiceAccountToken":false,"restartPolicy":"Never",
                   "securityContext":{"runAsNonRoot":true,"runAsUser":65532,"seccompProfile":{"type":"RuntimeDefault"}},
                   "containers":[{"name":"copy","image":"i","imagePullPolicy":"IfNotPresent",
                     "args":["copy","--from","a","--shard","0"],"envFrom":[],
                     "resources":{"requests":{"cpu":"500m","memory":"256Mi"},"limits":{"memory":"256Mi"}},
                     "securityContext":{"allowPrivilegeEscalation":false,"readOnlyRootFilesystem":true,"capabilities":{"drop":["ALL"]}},
                     "terminationMessagePolicy":"FallbackToLogsOnError"}]}}}}
            """);

    /// <summary>The clouds' addresses are handed on from this process, whatever they are here.</summary>
    private static void Same(Job job, string wanted)
    {
        var seen = JsonSerializer.SerializeToNode(job, Job.Json)!;
        var container = seen["spec"]!["template"]!["spec"]!["containers"]![0]!.AsObject();
        container["env"]!.AsArray().ShouldAllBe(entry =>
            string.Join(',', entry!.AsObject().Select(field => field.Key)) == "name,value");
        container.Remove("env");
        JsonNode.DeepEquals(seen, JsonNode.Parse(wanted)).ShouldBeTrue($"{seen.ToJsonString()} is not {wanted}");
    }
}
