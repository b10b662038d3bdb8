using Byok.Material;
using ByokOperator.Api;
using ByokOperator.Keys;
using ByokOperator.Notifications;
using ByokOperator.Reconciling;
using ByokOperator.Records;
using ByokOperator.Tests.Keys;
using Cloud.Keys;
using Kube.Core;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Notifications;

public sealed class KeyNotificationsTests
{
    private static readonly TenantEncryptionKeyStatus Usable =
        new() { Verdict = "Usable", LastVerifiedTime = NotificationMaking.Noon, ObservedGeneration = 1 };
    private static readonly TenantEncryptionKeyStatus Revoked =
        Usable with { Verdict = "Revoked", RevokedSince = NotificationMaking.Noon };

    [Fact]
    public void The_first_proof_of_an_active_key_is_news() =>
        Types(null, Usable).ShouldBe([NotificationTypes.KeyActivated]);

    [Fact]
    public void A_key_on_standby_is_proved_in_silence() => Types(null, Usable, KeyStates.Standby).ShouldBeEmpty();

    [Fact]
    public void An_answer_that_was_missing_for_a_while_is_no_activation() =>
        Of(Usable with { Verdict = "Unknown" }, Usable)
            .ShouldHaveSingleItem().Id
            .ShouldBe(Of(null, Usable).ShouldHaveSingleItem().Id, "it is the first one, told again");

    [Theory]
    [InlineData("none")]
    [InlineData("Usable")]
    [InlineData("Revoked")]
    public void A_key_that_was_revoked_and_is_usable_again_is_news_of_its_own_whatever_a_status_says(string shown)
    {
        var over = World() with
        {
            Regions =
            [
                World().Regions[0] with
                {
                    LastRevocation =
                        Fact.Seen<KeyRecordSpan?>(
                            new(NotificationMaking.Noon.AddHours(-2), NotificationMaking.Noon.AddHours(-1))),
                },
            ],
        };
        var told = Of(shown == "none" ? null : Usable with { Verdict = shown }, Usable, world: over)
            .ShouldHaveSingleItem();
        (told.Type, told.Time).ShouldBe((NotificationTypes.KeyActivated, NotificationMaking.Noon.AddHours(-1)));
        told.Id.ShouldNotBe(Of(null, Usable).ShouldHaveSingleItem().Id);
    }

    [Fact]
    public void The_first_proof_has_its_own_time_however_often_it_is_told()
    {
        var proved = World() with
        {
            Regions =
                [World().Regions[0] with
                {
                    ProvedAt = Fact.Seen<DateTimeOffset?>(NotificationMaking.Noon.AddDays(-3)),
                }],
        };
        Of(null, Usable, world: proved)
            .ShouldHaveSingleItem().Time
            .ShouldBe(NotificationMaking.Noon.AddDays(-3), "who deletes the status makes no news of it");
        Of(null, Usable, world: proved with { WasOnStandby = true })
            .ShouldHaveSingleItem().Time.ShouldBe(NotificationMaking.Noon, "it is active from now on");
    }

    [Fact]
    public void A_revocation_is_known_by_its_clock() =>
        Of(Usable, Revoked).ShouldHaveSingleItem().Id.ShouldBe(Of(Revoked, Revoked).ShouldHaveSingleItem().Id);

    [Theory]
    [InlineData(RefusalCodes.HashMismatch, true)]
    [InlineData(RefusalCodes.UnwrapFailed, false)]
    public void An_upload_that_is_not_what_its_hash_says_is_news_and_no_other_refusal(string code, bool isNews) =>
        Told(new Upload.Refused(code, "no") { Version = "1" }, shown: null).Count.ShouldBe(isNews ? 1 : 0);

    [Fact]
    public void An_upload_that_is_good_but_another_secret_is_news() =>
        Told(new Upload.Ready("another") { Version = "1" }, shown: null).Single().Data.Reason.ShouldBe("KeyReplaced");

    [Fact]
    public void A_mismatch_that_is_shown_already_was_found_then_unless_the_upload_is_another()
    {
        var wrong = new Upload.Refused(RefusalCodes.HashMismatch, "no") { Version = "2" };
        var shown = new Condition
        {
            Type = "Stalled",
            Status = "True",
            Reason = RefusalCodes.HashMismatch,
            LastTransitionTime = NotificationMaking.Noon.AddDays(-3),
        };

        Told(wrong, null).Single().Time.ShouldBe(NotificationMaking.Noon);
        Told(wrong, shown).Single().Time.ShouldBe(NotificationMaking.Noon.AddDays(-3));
        Told(wrong, shown, isOtherUpload: true).Single().Time.ShouldBe(NotificationMaking.Noon);
        Told(wrong, null).Single().Id.ShouldBe(Told(wrong, shown).Single().Id);
        Told(wrong with { Version = "3" }, null).Single().Id.ShouldNotBe(Told(wrong, null).Single().Id);
    }

    private static List<Notification> Told(Upload upload, Condition? shown, bool isOtherUpload = false)
    {
        var key = NotificationMaking.Key with { Status = new() { Conditions = shown is null ? [] : [shown] } };
        var world = World() with
        {
            Import = new ImportWorld
            {
                Regions =
                [
                    new ImportRegion("eu-west-1", Fact.Seen<DateTimeOffset?>(null), Fact.Seen<ImportedKey?>(null),
                        Fact.Seen(false)),
                ],
                Upload = Fact.Seen(upload), Bound = Fact.Seen(ImportWorlds.Bound("first")),
                Expiry = new MaterialExpiry.Never(), Settling = TimeSpan.Zero,
            },
        };
        return [.. KeyNotifications.Of(key, world, new() { Verdict = "Unknown" }, isOtherUpload)];
    }

    private static IEnumerable<string> Types(
        TenantEncryptionKeyStatus? shown, TenantEncryptionKeyStatus next, string state = KeyStates.Active) =>
        Of(shown, next, state).Select(notice => notice.Type);

    private static List<Notification> Of(
        TenantEncryptionKeyStatus? shown, TenantEncryptionKeyStatus next, string state = KeyStates.Active,
        KeyWorld? world = null)
    {
        var key = NotificationMaking.Key with
        {
            Metadata = NotificationMaking.Key.Metadata with { Generation = 1 },
            Spec = new() { State = state },
            Status = shown,
        };
        return [.. KeyNotifications.Of(key, world ?? World(), next)];
    }

    private static KeyWorld World() => KeyWorlds.Good with
    {
        Uid = "u-1", Now = NotificationMaking.Noon, RequiredPolicy = "p", PublishedPolicy = Fact.Seen<string?>("p"),
        Regions =
        [
            new KeyRegion
            {
                Region = "eu-west-1", KeyId = Fact.Seen<string?>("k"), Answer = Fact.Blind<KeyAnswer>("NotAsked"),
                Canary = Fact.Seen<StoredCanary?>(new StoredCanary("k", "m", "digest")),
                UnknownSince = Fact.Seen<DateTimeOffset?>(null), RevokedSince = Fact.Seen<DateTimeOffset?>(null),
            },
        ],
    };
}
