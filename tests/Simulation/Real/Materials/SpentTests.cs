using Cloud.Keys;
using Shouldly;
using Xunit;

namespace Simulation.Real.Materials;

/// <summary>A key is given new material as often as its cloud does that, and then no more;
/// the data stands under it all the same.</summary>
public sealed class SpentTests
{
    private const int Few = 8;

    [Fact]
    public void A_key_takes_new_material_twenty_five_times_and_tells_before_the_last_that_it_is_the_last()
    {
        var world = new MaterialStage(new Rng(3), Bug.None);
        world.Open();
        for (var rotation = 1; rotation < IImportedKeys.MostRotations; rotation++)
        {
            world.Rotate();
        }

        Told(world).ShouldContain("LastRotation");
        world.Rotate();
        world.Raise(1);
        world.HandOver(world.Last + 1);
        world.Turns(Few);
        (world.IsWhole, world.Laws.Recorded!.Count).ShouldBe((true, IImportedKeys.MostRotations + 1));
        Told(world).ShouldContain("NoRotationLeft");

        ComesBack(world);
        world.IsWhole.ShouldBeTrue();
    }

    /// <summary>Revoked, and then not any more: all of them are asked for, and come back newest first.</summary>
    private static void ComesBack(MaterialStage world)
    {
        world.SetState(ByokOperator.Api.KeyStates.Revoked);
        world.Turns(Few);
        world.Laws.CheckWithdrawn();
        world.SetState(ByokOperator.Api.KeyStates.Active);
        foreach (var material in world.Laws.Recorded!.Reverse())
        {
            world.IsOpen.ShouldBeFalse();
            world.HandOver(material);
            world.Turns(Few);
        }
    }

    private static string Told(MaterialStage world) =>
        world.World.People.Key(world.Home)!["status"]!["conditions"]!.ToJsonString();
}
