using Fuzz.Clouds;
using Shouldly;
using Xunit;

namespace Fuzz.Closings;

/// <summary>
/// A store whose key is revoked, with nonsense wherever the operator looks: the real controllers over the real
/// adapters. After so many looks it is shut, by the cloud's own word; or the cloud refused every form of the deny, or
/// hides whose the place is, and that is told.
/// </summary>
public sealed class ClosingFuzz : IDisposable
{
    /// <summary>One goes through so many documents.</summary>
    private const int Share = 500;

    /// <summary>Of a quarter minute each: four times what a key may stay unknown,
    /// and what S3's silence is borne.</summary>
    private const int MostRounds = 24;

    /// <summary>One that can't be shut is followed longer than it takes to say so.</summary>
    private const int RoundsToTell = 6;

    private static readonly (int, string)[] refusals =
        [(400, "MalformedPolicy"), (403, "AccessDenied"), (409, "InvalidBucketState"), (500, "InternalError")];

    private readonly MemoryAws aws = new();
    private int lies;

    public ClosingFuzz() => Scene.MakeShared(aws);

    public void Dispose() => aws.Dispose();

    [Fact]
    public void Whatever_stands_where_the_operator_looks_a_revoked_key_shuts_its_store_or_it_is_told_why_not()
    {
        Inputs.Each(Share, Once);
        lies.ShouldBeGreaterThan(0);
        TestContext.Current.TestOutputHelper?.WriteLine($"{lies} answers of the cloud were bent");
    }

    private void Once(int seed)
    {
        var random = new Random(seed);
        var liar = new Liar(random, share: random.Next(2, 12)) { Refusal = random.Next(6) == 0
            ? refusals[random.Next(refusals.Length)] : null };
        using var scene = new Scene(aws, liar, isShared: random.Next(2) == 0);
        scene.Settle();
        var spoils = new Spoils(scene, aws, random);
        spoils.Do();
        liar.IsAwake = random.Next(4) > 0;
        if (random.Next(3) == 0)
        {
            scene.Restart();
        }

        scene.DisableKey();
        try
        {
            Judge(scene, spoils);
        }
        catch (Exception find) when (find is not FindException)
        {
            throw new FindException($"{find.Message}\n  after: {spoils.Told}", find);
        }

        lies += liar.Lies;
    }

    private static void Judge(Scene scene, Spoils spoils)
    {
        var isShut = false;
        var mayHoldUp = spoils.MayHoldUp;
        for (var round = 0; round < MostRounds && !isShut && !(round > RoundsToTell && mayHoldUp && IsTold(scene));
            round++)
        {
            scene.Round(TimeSpan.FromSeconds(15));
            isShut = scene.IsShut();
            mayHoldUp |= scene.Liar.HidesOwner || (scene.Liar.IsAwake && scene.Liar.Refusal is not null);
            if (!isShut && scene.Availability == "Closed"
                && scene.Object("encryptedstores", Scene.Store)?["status"]?.ToJsonString() != spoils.Status)
            {
                throw new FindException($"it is called Closed and can be read\n  after: {spoils.Told}");
            }
        }

        // Nothing but what tenants may write was spoilt, and no cloud lies: then it is said, too.
        for (var round = 0; isShut && round < RoundsToTell && scene.Availability != "Closed" && spoils.AreRecordsGood
            && !mayHoldUp && !scene.Liar.IsAwake; round++)
        {
            scene.Round(TimeSpan.FromSeconds(15));
            if (round == RoundsToTell - 1 && scene.Availability != "Closed")
            {
                throw new FindException(
                    $"it is shut, and that is not told: {scene.Availability}, {scene.Told("Ready")}, "
                        + $"{scene.Told("TargetDenied")}\n  after: {spoils.Told}");
            }
        }

        if (scene.Bugs.Count > 0)
        {
            throw new FindException(
                $"a look failed as none is known to: {string.Join("\n", scene.Bugs)}\n  after: {spoils.Told}");
        }

        if (!isShut && !(mayHoldUp && IsTold(scene)))
        {
            throw new FindException(
                $"it can be read{(mayHoldUp ? " and that is not told" : "")}: {scene.Availability}, "
                    + $"{scene.Told("Ready")}, {scene.Told("TargetDenied")}, {scene.Told("Stalled")}\n  after: "
                    + $"{spoils.Told}");
        }

        if (scene.Told("TargetDenied").Contains("InternalError", StringComparison.Ordinal))
        {
            throw new FindException(
                $"an act failed as none is known to: {scene.Told("TargetDenied")}\n  after: {spoils.Told}");
        }
    }

    /// <summary>That a person has to see to it, or at least what keeps being tried.</summary>
    private static bool IsTold(Scene scene) =>
        scene.Availability == "Closing"
            && (scene.Told("Stalled").Length > 0
                || scene.Told("TargetDenied").StartsWith("TargetDenied=False", StringComparison.Ordinal));
}
