namespace LeadLedger.EventStore.Writing;

/// <summary>
/// A stream that did not exist when the streams were locked had begun when their documents were read: there was no row to lock. Decided again,
/// with the row locked, it is seen whole.
/// </summary>
internal sealed class StreamBegunException() : Exception("another transaction began the stream while it was being read");
