using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using k8s.Models;
using Kube.Core.Json;

namespace Kube.Core.Kinds;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(PooledStringJson), typeof(UtcTimeJson)])]
[JsonSerializable(typeof(KubeStatus))]
[JsonSerializable(typeof(V1ListMeta))]
[JsonSerializable(typeof(JsonObject))]
[JsonSerializable(typeof(KubeVersion))]
[JsonSerializable(typeof(ResourceList))]
[JsonSerializable(typeof(MetadataEnvelope))]
[JsonSerializable(typeof(ConfigMap))]
[JsonSerializable(typeof(Secret))]
[JsonSerializable(typeof(NamespaceObject))]
[JsonSerializable(typeof(Lease))]
[JsonSerializable(typeof(KubeEvent))]
[JsonSerializable(typeof(Job))]
[JsonSerializable(typeof(Pod))]
[JsonSerializable(typeof(CronJob))]
[JsonSerializable(typeof(Deployment))]
[JsonSerializable(typeof(StatefulSet))]
[JsonSerializable(typeof(TokenReview))]
[JsonSerializable(typeof(SubjectAccessReview))]
internal sealed partial class CoreJson : JsonSerializerContext;
