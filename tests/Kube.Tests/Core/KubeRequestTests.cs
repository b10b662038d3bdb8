using System.Text.Json.Nodes;
using Kube.Core;
using Kube.Core.Kinds;
using Shouldly;
using Xunit;

namespace Kube.Tests.Core;

public sealed class KubeRequestTests
{
    private static readonly ObjectKey key = new("team", "a");

    [Fact]
    public void A_get_asks_for_the_whole_object_as_json()
    {
        using var request = KubeRequest.Get<ConfigMap>(key);

        Line(request).ShouldBe("GET /api/v1/namespaces/team/configmaps/a");
        request.Headers.Accept.ToString().ShouldBe("application/json");
        Repeatable(request).ShouldBeTrue();
    }

    [Fact]
    public void A_list_carries_limit_selectors_and_where_to_go_on()
    {
        using var request =
            KubeRequest.List<Job>(new Selection("team", "a=b,c in (d,e)", "metadata.name=x"), continueFrom: "t/k+n=");

        Line(request).ShouldBe(
            "GET /apis/batch/v1/namespaces/team/jobs?limit=500&continue=t%2Fk%2Bn%3D&labelSelector=a%3Db%2Cc%20in%20%28d%2Ce%29"
            + "&fieldSelector=metadata.name%3Dx");
    }

    [Fact]
    public void A_list_of_everything_names_no_namespace()
    {
        using var request = KubeRequest.List<Job>(Selection.Everything);

        Line(request).ShouldBe("GET /apis/batch/v1/jobs?limit=500");
    }

    [Fact]
    public void A_watch_bounds_itself_and_asks_for_bookmarks()
    {
        using var request = KubeRequest.Watch<Job>(Selection.Everything, "42", 30);

        Line(request)
            .ShouldBe(
                "GET /apis/batch/v1/jobs?watch=true&resourceVersion=42&timeoutSeconds=30&allowWatchBookmarks=true");
    }

    [Fact]
    public void Metadata_views_of_objects_lists_and_watches_ask_for_metadata()
    {
        using var get = KubeRequest.Get<PartialObject<Secret>>(key);
        using var list = KubeRequest.List<PartialObject<Secret>>(Selection.Everything);
        using var watch = KubeRequest.Watch<PartialObject<Secret>>(Selection.Everything, "1", 30);

        Line(get).ShouldBe("GET /api/v1/namespaces/team/secrets/a");
        get.Headers.Accept.ToString().ShouldBe("application/json; as=PartialObjectMetadata; g=meta.k8s.io; v=v1");
        list.Headers.Accept.ToString().ShouldBe("application/json; as=PartialObjectMetadataList; g=meta.k8s.io; v=v1");
        watch.Headers.Accept.ToString().ShouldBe("application/json; as=PartialObjectMetadata; g=meta.k8s.io; v=v1");
    }

    [Fact]
    public async Task An_apply_sends_the_wanted_fields_and_no_others()
    {
        using var request = KubeRequest.Apply(
            new ConfigMap
            {
                Metadata = new() { Name = "a", Namespace = "team" },
                Data = new Dictionary<string, string> { ["k"] = "v" },
            }, "us & them");

        Line(request).ShouldBe("PATCH /api/v1/namespaces/team/configmaps/a?fieldManager=us%20%26%20them&force=true");
        request.Content!.Headers.ContentType!.MediaType.ShouldBe("application/apply-patch+yaml");
        Repeatable(request).ShouldBeTrue();
        (await BodyAsync(request)).ShouldBe(
            """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a","namespace":"team"},"data":{"k":"v"}}""");
    }

    [Fact]
    public async Task A_status_apply_has_an_address_and_a_status_and_nothing_else()
    {
        var job = new Job
        {
            Metadata = new()
            {
                Name = "a",
                Namespace = "team",
                Uid = "u",
                ResourceVersion = "9",
                Finalizers = ["x/y"],
                Labels = new Dictionary<string, string> { ["l"] = "m" },
            },
            Spec = new() { Parallelism = 3 },
            Status = new() { Active = 1 },
        };

        using var request = KubeRequest.ApplyStatus(job, "us", force: false);

        Line(request).ShouldBe("PATCH /apis/batch/v1/namespaces/team/jobs/a/status?fieldManager=us&force=false");
        (await BodyAsync(request)).ShouldBe(
            """{"apiVersion":"batch/v1","kind":"Job","metadata":{"name":"a","namespace":"team"},"status":{"active":1}}""");
    }

    [Fact]
    public async Task A_status_apply_leaves_out_what_says_nothing()
    {
        var job = new Job
        {
            Metadata = new() { Name = "a", Namespace = "team" },
            Status = new() { CompletedIndexes = "", Active = 0, Conditions = [new() { Type = "A" }] },
        };

        using var request = KubeRequest.ApplyStatus(job, "us");
        using var empty = KubeRequest.ApplyStatus(job with { Status = new() { FailedIndexes = "" } }, "us");

        (await BodyAsync(request)).ShouldEndWith(""","status":{"active":0,"conditions":[{"type":"A"}]}}""");
        (await BodyAsync(empty))
            .ShouldBe("""{"apiVersion":"batch/v1","kind":"Job","metadata":{"name":"a","namespace":"team"}}""");
    }

    [Fact]
    public async Task The_same_status_as_a_merge_patch_says_null_for_what_is_to_go()
    {
        var job = new Job { Metadata = new() { Name = "a", Namespace = "team" }, Status = new() { Active = 1 } };

        using var request = KubeRequest.MergeStatus<Job>(
            job.Metadata.Key, KubeRequest.Status(job),
            JsonNode.Parse("""{"active":3,"failed":2,"conditions":[]}""")!.AsObject());

        Line(request).ShouldBe("PATCH /apis/batch/v1/namespaces/team/jobs/a/status");
        (await BodyAsync(request)).ShouldBe("""{"status":{"active":1,"failed":null,"conditions":null}}""");
    }

    [Fact]
    public async Task A_json_patch_is_not_repeated_because_its_tests_would_fail_after_it_worked()
    {
        using var request = KubeRequest.PatchJson<ConfigMap>(key, JsonPatch.Empty.Test("/a", "b").Remove("/a"));

        Line(request).ShouldBe("PATCH /api/v1/namespaces/team/configmaps/a");
        request.Content!.Headers.ContentType!.MediaType.ShouldBe("application/json-patch+json");
        Repeatable(request).ShouldBeFalse();
        (await BodyAsync(request)).ShouldBe("""[{"op":"test","path":"/a","value":"b"},{"op":"remove","path":"/a"}]""");
    }

    [Fact]
    public async Task A_merge_patch_says_what_becomes_so_it_may_be_repeated()
    {
        using var request =
            KubeRequest.PatchMerge<CronJob>(key, new JsonObject { ["spec"] = new JsonObject { ["suspend"] = true } });

        Line(request).ShouldBe("PATCH /apis/batch/v1/namespaces/team/cronjobs/a");
        request.Content!.Headers.ContentType!.MediaType.ShouldBe("application/merge-patch+json");
        Repeatable(request).ShouldBeTrue();
        (await BodyAsync(request)).ShouldBe("""{"spec":{"suspend":true}}""");
    }

    [Fact]
    public void A_create_goes_to_the_collection_and_is_never_repeated()
    {
        using var request = KubeRequest.Create(new Lease { Metadata = new() { Name = "l", Namespace = "team" } }, "us");

        Line(request).ShouldBe("POST /apis/coordination.k8s.io/v1/namespaces/team/leases?fieldManager=us");
        Repeatable(request).ShouldBeFalse();
    }

    [Fact]
    public async Task A_delete_carries_its_preconditions()
    {
        using var request = KubeRequest.Delete<Job>(
            key, new DeleteOptions { Uid = "u", ResourceVersion = "9", Propagation = Propagation.Background });

        Line(request).ShouldBe("DELETE /apis/batch/v1/namespaces/team/jobs/a");
        Repeatable(request).ShouldBeTrue();
        (await BodyAsync(request)).ShouldBe(
            """{"apiVersion":"v1","kind":"DeleteOptions","preconditions":{"uid":"u","resourceVersion":"9"},"propagationPolicy":"Background"}""");
    }

    [Fact]
    public void A_delete_by_name_alone_is_not_repeated_because_it_could_meet_a_successor()
    {
        using var request = KubeRequest.Delete<Job>(key);

        Repeatable(request).ShouldBeFalse();
    }

    private static string Line(HttpRequestMessage request) => $"{request.Method} {request.RequestUri!.OriginalString}";

    private static bool Repeatable(HttpRequestMessage request) =>
        request.Options.TryGetValue(KubeRequest.Repeatable, out var repeatable) && repeatable;

    private static Task<string> BodyAsync(HttpRequestMessage request) =>
        request.Content!.ReadAsStringAsync(TestContext.Current.CancellationToken);
}
