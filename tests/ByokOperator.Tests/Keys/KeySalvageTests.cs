using ByokOperator.Api;
using ByokOperator.Cluster;
using Kube.Core;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Keys;

/// <summary>What is followed of a key that can't be read.</summary>
public sealed class KeySalvageTests
{
    private static readonly TenantEncryptionKey Last = new()
    {
        Metadata =
            new ObjectMeta { Name = "key", Namespace = "tenant", Uid = "u", ResourceVersion = "1", Generation = 1 },
        Spec = new()
        {
            Revocation = new() { MaxStaleness = "1h" },
            AwsKms =
                new() { Keys = [new() { Region = "eu-west-1", Arn = "arn:aws:kms:eu-west-1:111122223333:key/a" }] },
        },
    };

    [Fact]
    public void It_goes_on_as_it_stood_under_its_new_metadata()
    {
        var followed = KeySalvage.Follow(Bad(("spec.state", "Archived")), Last).ShouldNotBeNull();

        followed.Spec.ShouldBe(Last.Spec);
        followed.Metadata.Generation.ShouldBe(2);
        followed.Metadata.DeletionTimestamp.ShouldNotBeNull();
    }

    [Fact]
    public void The_two_words_that_revoke_count()
    {
        var followed = KeySalvage.Follow(Bad(("spec.state", "Revoked"), ("spec.revocation.confirm", "revoke")), Last)
            .ShouldNotBeNull();

        (followed.Spec.State, followed.Spec.Revocation.Confirm,
            followed.Spec.Revocation.MaxStaleness).ShouldBe(("Revoked", "revoke", "1h"));
        followed.Spec.AwsKms.ShouldBe(Last.Spec.AwsKms);
    }

    [Theory]
    [InlineData("Revoked", "")]
    [InlineData("Revoked", "Revoke")]
    [InlineData("revoked", "revoke")]
    [InlineData("Active", "revoke")]
    public void One_of_them_does_not(string state, string confirm) =>
        KeySalvage.Follow(Bad(("spec.state", state), ("spec.revocation.confirm", confirm)), Last)!.Spec.State
            .ShouldBe("Active");

    [Fact]
    public void A_revocation_is_taken_back_by_a_spec_that_can_be_read_and_by_no_other()
    {
        var revoked = KeySalvage.Follow(Bad(("spec.state", "Revoked"), ("spec.revocation.confirm", "revoke")), Last);

        KeySalvage.Follow(Bad(("spec.state", "Active")), revoked)!.Spec.State.ShouldBe("Revoked");
    }

    [Fact]
    public void One_that_was_never_read_is_nothing_unless_it_says_that_it_is_revoked()
    {
        KeySalvage.Follow(Bad(("spec.state", "Active")), null).ShouldBeNull();

        var revoked = KeySalvage.Follow(Bad(("spec.state", "Revoked"), ("spec.revocation.confirm", "revoke")), null)
            .ShouldNotBeNull();
        revoked.Spec.State.ShouldBe("Revoked");
        revoked.Metadata.DeletionTimestamp.ShouldBeNull("what would have to be done before it goes stands in the spec");
        revoked.Metadata.Annotations![Labels.Paused].ShouldBe("true");
    }

    private static Quarantined Bad(params (string Path, string Text)[] salvaged) => new(
        Last.Metadata with { ResourceVersion = "2", Generation = 2, DeletionTimestamp = DateTimeOffset.UnixEpoch },
        "spec.rotation: not an object")
    {
        Salvaged = salvaged.ToDictionary(word => word.Path, word => word.Text),
    };
}
