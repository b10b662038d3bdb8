namespace Cloud.Calling;

/// <summary>The kinds of <see cref="CloudProblem"/>, as a table of error codes names them.</summary>
internal enum ProblemKind
{
    NotFound,
    Forbidden,
    Throttled,
    Unreachable,
    KeyUnusable,
    WrongKey,
    Conflict,
    OwnCredentials,
    Refused,
}
