using Xunit;

namespace ByokOperator.Tests.Stories;

/// <summary>Stories whose processes keep promises about time: no other test of ours runs beside them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneOnTheMachine
{
    public const string Name = "alone on the machine";
}
