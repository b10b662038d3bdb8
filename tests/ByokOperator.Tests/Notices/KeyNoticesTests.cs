using ByokOperator.Api;
using ByokOperator.Keys;
using ByokOperator.Notices;
using ByokOperator.Reconciling;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Notices;

public sealed class KeyNoticesTests
{
    private static readonly TenantEncryptionKeyStatus Usable = new() { Verdict = "Usable", LastVerifiedTime = NoticeMaking.Noon, ObservedGeneration = 1 };
    private static readonly TenantEncryptionKeyStatus Revoked = Usable with { Verdict = "Revoked", RevokedSince = NoticeMaking.Noon };

    [Fact]
    public void The_first_proof_of_an_active_key_is_news() => Types(null, Usable).ShouldBe([NoticeTypes.KeyActivated]);

    [Fact]
    public void A_key_on_standby_is_proved_in_silence() => Types(null, Usable, KeyStates.Standby).ShouldBeEmpty();

    [Fact]
    public void An_answer_that_was_missing_for_a_while_is_no_activation() => Types(Usable with { Verdict = "Unknown" }, Usable).ShouldBeEmpty();

    [Fact]
    public void A_key_that_was_revoked_and_is_usable_again_is_news_of_its_own() =>
        Of(Revoked, Usable).ShouldHaveSingleItem().Id.ShouldNotBe(Of(null, Usable).ShouldHaveSingleItem().Id);

    [Fact]
    public void A_revocation_is_known_by_its_clock() =>
        Of(Usable, Revoked).ShouldHaveSingleItem().Id.ShouldBe(Of(Revoked, Revoked).ShouldHaveSingleItem().Id);

    private static IEnumerable<string> Types(TenantEncryptionKeyStatus? shown, TenantEncryptionKeyStatus next, string state = KeyStates.Active) =>
        Of(shown, next, state).Select(notice => notice.Type);

    private static List<Notice> Of(TenantEncryptionKeyStatus? shown, TenantEncryptionKeyStatus next, string state = KeyStates.Active)
    {
        var key = NoticeMaking.Key with { Metadata = NoticeMaking.Key.Metadata with { Generation = 1 }, Spec = new() { State = state }, Status = shown };
        return [.. KeyNotices.Of(key, World(), next)];
    }

    private static KeyWorld World() => new()
    {
        Uid = "u-1", Now = NoticeMaking.Noon, IsDeleting = false, IsPaused = false, IsClaimed = true, Violations = [], State = KeyStates.Active, IsRevocationConfirmed = false,
        ProbeInterval = TimeSpan.FromSeconds(30), MaxStaleness = TimeSpan.FromMinutes(15), RequiredPolicy = "p", PublishedPolicy = Fact.Seen<string?>("p"),
        Regions =
        [
            new KeyRegion
            {
                Region = "eu-west-1", KeyId = "k", Answer = Fact.Blind<KeyAnswer>("NotAsked"), Canary = Fact.Seen<StoredCanary?>(new StoredCanary("k", "m", "digest")),
                UnknownSince = Fact.Seen<DateTimeOffset?>(null), RevokedSince = Fact.Seen<DateTimeOffset?>(null),
            },
        ],
        Users = Fact.Seen<IReadOnlyList<string>>([]), Retained = Fact.Seen<IReadOnlyList<string>>([]),
    };
}
