using Kube.Core;
using Kube.Runtime.Hosting;
using Shouldly;
using Xunit;

namespace Kube.Tests.Runtime.Hosting;

public sealed class RequestMeterTests
{
    private static readonly Thing thing = Thing.Named("a");

    public static TheoryData<string, HttpRequestMessage> Requests => new()
    {
        { "get", KubeRequest.Get<Thing>(thing.Metadata.Key) },
        { "list", KubeRequest.List<Thing>(Selection.Everything) },
        { "watch", KubeRequest.Watch<Thing>(Selection.Everything, "5", 30) },
        { "apply", KubeRequest.Apply(thing, "test") },
        { "apply", KubeRequest.ApplyStatus(thing, "test") },
        { "patch", KubeRequest.PatchJson<Thing>(thing.Metadata.Key, JsonPatch.Empty) },
        { "patch", KubeRequest.PatchMerge<Thing>(thing.Metadata.Key, []) },
        { "create", KubeRequest.Create(thing) },
        { "delete", KubeRequest.Delete<Thing>(thing.Metadata.Key) },
    };

    [Theory, MemberData(nameof(Requests), DisableDiscoveryEnumeration = true)]
    public void Every_request_the_client_can_make_has_its_verb(string verb, HttpRequestMessage request) =>
        RequestMeter.VerbOf(request).ShouldBe(verb);
}
