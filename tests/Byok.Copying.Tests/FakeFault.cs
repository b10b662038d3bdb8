namespace Byok.Copying.Tests;

/// <summary>What goes wrong with one call.</summary>
internal enum FakeFault
{
    None,
    Throttle,
    FailBefore,

    /// <summary>It took effect and nobody heard.</summary>
    LoseAnswer,
    CrashBefore,
    CrashAfter,
}
