using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Byok.Copying;
using ByokOperator.Api;
using ByokOperator.Copies;
using ByokOperator.Reencrypting;
using Cloud;
using Cloud.Aws.Stores;
using Cloud.Azure;
using Cloud.Azure.Stores;
using Cloud.Calling;
using Cloud.Stores;
using Shouldly;
using Xunit;

namespace Fuzz.Readers;

/// <summary>What a fuzz found once, without the fuzz.</summary>
public sealed class FoundTests
{
    [Theory]
    [InlineData("""{"conditions":[{"type":"Ready"}]}""")]
    [InlineData("""{"conditions":[null],"observedGeneration":1e400}""")]
    [InlineData("""[[["x"]]]""")]
    [InlineData("7")]
    public void A_status_that_can_not_be_read_costs_the_object_nothing(string status)
    {
        var store = JsonSerializer.Deserialize(
            $$$"""{"metadata":{"name":"store"},"spec":{"keyRef":{"name":"key"}},"status":{{{status}}}}""",
            EncryptedStore.Json)!;
        store.Spec.KeyRef!.Name.ShouldBe("key");
        store.Status?.Conditions.ShouldBeEmpty();
    }

    [Fact]
    public async Task More_copied_objects_than_can_be_counted_are_shown_as_the_most_that_can()
    {
        var mark = new OneMark(Encoding.UTF8.GetBytes($$"""{"objectsCopied":{{long.MaxValue}},"bytesCopied":-5}"""));
        var run = await new RunReader(mark).ReadAsync(new StoreRef("eu-west-1", "acme"), "bulk-a", shards: 4,
            CancellationToken.None);
        (run.ObjectsCopied, run.BytesCopied).ShouldBe((long.MaxValue, 0));
    }

    [Fact]
    public async Task More_versions_than_can_be_counted_are_shown_as_the_most_that_can_and_end_no_run()
    {
        var mark = new OneMark(Encoding.UTF8.GetBytes($$"""
            {"shard":0,"shards":4,"looked":{{long.MaxValue}},"reencrypted":{{long.MaxValue}},"reencryptedBytes":-5,"finishedAt":"2026-01-01T00:00:00Z",
             "refusal":{"attempt":1,"at":"9999-12-31T23:59:59Z","count":{{long.MaxValue}} } }
            """));
        var state = await new ReencryptionReader(mark).ReadAsync(new StoreRef("eu-west-1", "acme"), "rekey-a",
            shards: 4, CancellationToken.None);
        (state.Looked, state.Reencrypted, state.ReencryptedBytes,
            state.Run.Refusal!.Count).ShouldBe((long.MaxValue, long.MaxValue, 0, long.MaxValue));
        (state.Run.ShardsFinished, state.Run.IsFinished).ShouldBe((1, false),
            "the word of one shard stands in the places of all");
    }

    [Fact]
    public void A_mark_from_the_end_of_time_is_waited_for_and_not_stumbled_over()
    {
        var now = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        CopyRules.Stalled(now,
            new CopyFacts("bulk-a", JobOutcome.Running, 0)
            {
                HeardAt = DateTimeOffset.MaxValue,
                AdvancedAt = DateTimeOffset.MaxValue,
            }).ShouldBeNull();
        var refusal = new CopyRefusal { Attempt = 1, At = DateTimeOffset.MaxValue };
        CopyRules.TriedAgainAt(refusal).ShouldBe(DateTimeOffset.MaxValue);
        CopyRules.ThenAgain(refusal, "no").ShouldStartWith("no. It is tried again at 9999-12-31");
    }

    [Fact]
    public void A_closing_that_an_accounts_tag_dates_at_the_end_of_time_was_not_completed()
    {
        var account = new JsonObject
        {
            ["tags"] = new JsonObject { [ClosingMark.Tag] = "Enabled|Allow|None|9999-12-31T23:59:59Z" },
            ["properties"] = new JsonObject
            {
                ["publicNetworkAccess"] = "Disabled", ["allowSharedKeyAccess"] = false,
                ["networkAcls"] = new JsonObject { ["defaultAction"] = "Deny", ["bypass"] = "None" },
            },
        };
        var facts = new AccountFacts(account, BlobService: [], Container: null, RoleStanding.Missing);
        (facts.IsDenied, facts.SettlesAt(new AzureOptions())).ShouldBe((false, null));
    }

    [Theory]
    [InlineData("""{"properties":{"publicAccess":"None","publicAccess":"None"}}""")]
    [InlineData("""{"properties":{"name":"\ud800"}}""")]
    [InlineData("""{"\ud800":1}""")]
    public void A_document_of_a_cloud_that_names_a_field_twice_or_holds_half_a_letter_is_none(string document) =>
        Should.Throw<JsonException>(() => StrictJson.Parse(document));

    [Theory]
    [InlineData("""{"properties":[1]}""")]
    [InlineData("""{"properties":7}""")]
    public void A_container_that_is_no_container_has_no_pin(string document) =>
        AccountLook.PinOf(JsonNode.Parse(document)!.AsObject()).ShouldBeNull();

    [Fact]
    public void A_policy_longer_than_any_is_not_read()
    {
        var text = $$"""{"Statement":[{"Sid":"{{new string('x', 100_000)}}"}]}""";
        Should.Throw<CloudException>(() => BucketPolicy.Parse(text)).Problem.Code.ShouldBe("PolicyUnreadable");
    }
}
