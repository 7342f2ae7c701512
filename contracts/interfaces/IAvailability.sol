// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Availability
/// @notice Makes an executor show what it committed to. Whoever lacks bytes below a batch root asks for them here; the
/// executor, or anyone who has them, answers in calldata; a question that nobody answers in time convicts the claim.
/// `docs/demands.md` tells it on one page.
/// @dev **Structure bounds demands, not a count.** Root demands begin only inside the batch's window and show a claim
/// with a range of one of its lists, or with one segment's. Follow-ups (bytes of a tensor, an operator, a segment)
/// begin only below an answered root demand of one's own, at most two clocks and a quarter after its answer. All run in
/// parallel, and nobody's demands stand in
/// another's way.
///
/// **Delay.** Let a clock be over when its seconds *and* its blocks have passed. Without extensions a root demand is
/// open until window + 1 clock at the latest, a follow-up below it begins until window + 3 clocks and is open until
/// window + 4 clocks: nothing can be asked below a follow-up. Each of the two may be extended by `extensions` clocks
/// while the fee of the chain stays above the bonds, so that the last answer comes within
/// window + (4 + 2 × extensions) clocks.
///
/// **Cost.** Gas of an answer = gasBase + gasPerByte × bytes shown. The demander bonds half of it at the base fee of
/// its block or more. If the batch ends Final, whoever answered is credited half of the gas at the base fee of its own
/// block, but at most at the bonded one; if it ends Rejected the demander has its whole bond back. The requester's
/// demands for outputs cost the executor alone.
///
/// An answer is one packed blob (big-endian), which ends where its last part ends:
/// ```
/// opened   inputsRoot ‖ traceRoot ‖ context ‖ header (156 bytes) ‖ leaf u32 ‖ batch siblings
/// claim    inputsRoot ‖ traceRoot ‖ context ‖ header (156 bytes)
/// tensor   type ‖ list siblings ‖ (chunks that the range touches ‖ tree siblings), or the chunk root if it touches none
///          or, where the list has no tensor there: 0 u8 ‖ list siblings
/// roots    opened ‖ the roots asked for that exist ‖ siblings of their range
/// bytes    claim ‖ tensor
/// operator claim ‖ body ‖ siblings
/// segment  opened ‖ firstOp u32 ‖ opCount u32 ‖ firstValue u32 ‖ valueCount u32 ‖ siblings ‖ valueCount roots, zero where
///          a value is a boundary ‖ (nothing, or 32 bytes: the digest of a manifest that says where the executor serves
///          the inner values off chain, which nobody checks); only `opened` if the program has no such segment
/// inner    tensor, its list being the segment's: 1,024 places, each value at its number modulo that
/// output   opened ‖ length u16 ‖ interface ‖ tensor, which is left out if there is no such output
/// ```
/// What lies beyond the end of a list, a tensor or the interface does not exist, and the answer shows that it ends.
///
/// **Segments.** A trace commits to boundary values only; what lies inside a segment its executor says when it is asked,
/// once, and answers for from then on. Only the executor can say it: any other answer names the list that stands already.
///
/// **Sealed batches.** Root demands of a sealed batch are for its requester ({IClaims-askerOf}) and for whom it appoints,
/// and every other demand begins below a root demand of one's own: so nobody else makes its content public.
///
/// Limits: on a rollup the fee for data is not in the base fee; `gasPerByte` has to allow for it.
interface IAvailability {
    /// @notice What is asked for. The first four are lists of roots (root demands), then what follows below a claim,
    /// an output's bytes, for the requester, a segment's list of roots, and bytes of a value inside it.
    enum Kind {
        Inputs,
        Weights,
        Values,
        Operators,
        Input,
        Weight,
        Value,
        Operator,
        Output,
        Segment,
        Inner
    }

    /// @notice One question; its id is keccak256 of its ABI encoding.
    /// @param batchId batch
    /// @param leaf position of the claim in the batch
    /// @param kind what is asked for
    /// @param index input, weight, value, operator, output or segment; 0 for a list; for an inner value 1,024 × its
    /// segment + its number modulo 1,024
    /// @param first first position of a list; first byte of a tensor
    /// @param count roots of a list; bytes of a tensor; 0 for an operator or a segment
    /// @param demander who asks
    struct Question {
        bytes32 batchId;
        uint32 leaf;
        Kind kind;
        uint32 index;
        uint32 first;
        uint32 count;
        address demander;
    }

    /// @notice Open: waits for an answer. Answered: the bond waits for the batch's end. Settled: nothing is left to do.
    enum Status {
        None,
        Open,
        Answered,
        Settled
    }

    /// @notice A question was asked; it is open until both `endsAt` (seconds) and `endsAtBlock` have passed.
    /// @param fee base fee up to which the bond pays for half of the answer, in wei
    event Demanded(
        bytes32 indexed demandId,
        bytes32 indexed batchId,
        address indexed demander,
        uint32 leaf,
        Kind kind,
        uint32 index,
        uint32 first,
        uint32 count,
        uint256 bond,
        uint256 fee,
        uint256 endsAt,
        uint256 endsAtBlock
    );
    /// @notice The calldata of this transaction holds the answer; `share` wei are due to the answerer if the batch
    /// becomes final.
    event Answered(bytes32 indexed demandId, bytes32 indexed batchId, address indexed answerer, uint256 share);
    /// @notice The executor said what lies inside a segment; `root` stands for this claim from now on.
    event SegmentShown(bytes32 indexed batchId, uint32 indexed leaf, uint32 indexed segment, bytes32 root);
    /// @notice The clock was extended.
    event Extended(bytes32 indexed demandId, uint256 extensions, uint256 endsAt, uint256 endsAtBlock);
    /// @notice Nobody answered in time: the claim was convicted.
    event Expired(bytes32 indexed demandId, bytes32 indexed batchId);
    /// @notice The bond was divided.
    event Settled(bytes32 indexed demandId, uint256 toAnswerer, uint256 toDemander);
    /// @notice The requester of a sealed batch lets `demander` demand of it too.
    event Appointed(bytes32 indexed batchId, address indexed demander);
    /// @notice Credited coins left.
    event Withdrawn(address indexed account, uint256 amount);

    /// @notice Root demands and the first part of an output are for the batch's window.
    error Availability_WindowOver(bytes32 batchId);
    /// @notice The batch has no such leaf, or the claim no such tensor or operator.
    error Availability_Index(uint256 index, uint256 count);
    /// @notice The kind does not fit the call.
    error Availability_Kind(Kind kind);
    /// @notice A demand names at least one and at most so many bytes or roots.
    error Availability_Count(uint256 count, uint256 most);
    /// @notice This demander asked this question before.
    error Availability_Asked(bytes32 demandId);
    /// @notice The bond does not pay for half of the answer at this block's base fee.
    error Availability_Bond(uint256 bond, uint256 least);
    /// @notice There is no answered demand of one's own above this one, or two clocks and a quarter have passed since.
    error Availability_NotBelow();
    /// @notice The bytes are not the claim that was shown for this leaf.
    error Availability_Claim(bytes32 shown);
    /// @notice The batch's client names another requester for it, or it is sealed and the caller neither its requester nor
    /// appointed; zero where it is not sealed.
    error Availability_NotRequester(address requester);
    /// @notice This question was not asked, or is not open, or was not answered.
    error Availability_Status(bytes32 demandId, Status status);
    /// @notice Its clock is over.
    error Availability_TooLate(bytes32 demandId);
    /// @notice Its clock runs still.
    error Availability_TooSoon(bytes32 demandId);
    /// @notice The bond covers this block's base fee.
    error Availability_Covered(uint256 baseFee, uint256 fee);
    /// @notice The clock was extended in this clock length already, or as often as it can be.
    error Availability_NoExtension(uint256 extensions);
    /// @notice The batch has not ended.
    error Availability_Pending(bytes32 batchId);
    /// @notice The answer is for another leaf.
    error Availability_Leaf(uint256 leaf);
    /// @notice The roots shown are not those of the list, or the body is not that of the operator.
    error Availability_NotItsList(Kind kind);
    /// @notice The bytes at this place are no tensor type, or the interface is not the program's.
    error Availability_Malformed();
    /// @notice The answer does not end where its last part ends.
    error Availability_AnswerLength();
    /// @notice Only the executor can say what lies inside a segment.
    error Availability_NotExecutor(address executor);
    /// @notice Another list stands for this segment already.
    error Availability_OtherSegment(bytes32 known, bytes32 shown);
    /// @notice The segment has not been shown.
    error Availability_NoSegment(uint256 segment);
    /// @notice Nothing is credited to the account.
    error Availability_NoCredit(address account);
    /// @notice The account refused its coins.
    error Availability_Refused(address account);

    /// @notice Asks for a claim and `count` roots of one of its lists from position `first` on, while the window is
    /// open. The value sent is the bond. Of a sealed batch: for its requester and whom it appointed.
    /// @param list Inputs, Weights, Values or Operators
    function demandClaim(
        bytes32 batchId,
        uint32 leaf,
        Kind list,
        uint32 first,
        uint32 count
    ) external payable returns (bytes32 demandId);

    /// @notice Asks for bytes of a tensor of a claim that was shown to the caller. The value sent is the bond.
    /// @param kind Input, Weight or Value
    /// @param index its position in its list
    /// @param first the first byte, in the physical order of the tensor's layout
    /// @param claim the claim: the first 252 bytes of the answer above
    function demandBytes(
        bytes32 batchId,
        uint32 leaf,
        Kind kind,
        uint32 index,
        uint32 first,
        uint32 count,
        bytes calldata claim
    ) external payable returns (bytes32 demandId);

    /// @notice Asks for the body of an operator of a claim that was shown to the caller. The value sent is the bond.
    /// @param claim the claim: the first 252 bytes of the answer above
    function demandOperator(
        bytes32 batchId,
        uint32 leaf,
        uint32 index,
        bytes calldata claim
    ) external payable returns (bytes32 demandId);

    /// @notice Asks for the list of value roots of a segment: while the window is open, or below a root demand of one's
    /// own. The value sent is the bond, of 3,072 bytes.
    function demandSegment(bytes32 batchId, uint32 leaf, uint32 segment) external payable returns (bytes32 demandId);

    /// @notice Asks for bytes of an inner value of a segment that was shown, below a root demand of one's own. The value
    /// sent is the bond.
    /// @param value the value's global number
    /// @param first the first byte, in the physical order of the tensor's layout
    function demandInner(
        bytes32 batchId,
        uint32 leaf,
        uint32 segment,
        uint32 value,
        uint32 first,
        uint32 count
    ) external payable returns (bytes32 demandId);

    /// @notice Asks for a part of an output's bytes, at the executor's cost. For the requester that the batch's client
    /// names. Part 0 while the window is open; its answer tells the size, and then every other part that exists.
    /// @param output position among the program's outputs
    /// @param part which run of `maxRange` bytes
    /// @param clientData what the client needs to name the requester: for a job its ABI-encoded terms
    function demandOutput(
        bytes32 batchId,
        uint32 leaf,
        uint8 output,
        uint32 part,
        bytes calldata clientData
    ) external returns (bytes32 demandId);

    /// @notice Lets another account (a verifier that was handed the key) demand of a sealed batch as its requester may.
    /// For the requester.
    function appoint(bytes32 batchId, address demander) external;

    /// @notice Answers an open question with the right bytes. For anyone.
    function answer(Question calldata question, bytes calldata blob) external;

    /// @notice Gives an open question one clock more, in a block whose base fee is above what its bond covers (for an
    /// output: above that of the block in which it was asked); once a clock length, and as often as the rules say. For
    /// anyone.
    function extend(Question calldata question) external;

    /// @notice Convicts the claim whose question was not answered in time; its demander is the challenger and has its
    /// bond back. For anyone.
    function expire(Question calldata question) external;

    /// @notice Divides the bond once the batch has ended. For anyone.
    function settle(Question calldata question) external;

    /// @notice Sends the caller what is credited to it.
    function withdraw() external;

    /// @notice Whether the requester of a sealed batch appointed this account.
    function appointed(bytes32 batchId, address demander) external view returns (bool);

    /// @notice Wei that an account can withdraw.
    function credit(address account) external view returns (uint256);

    /// @notice Where a question stands.
    /// @return status its status
    /// @return bond wei held for it
    /// @return fee base fee that the bond covers
    /// @return endsAt second after which it may be over
    /// @return endsAtBlock block after which it may be over
    /// @return answerer who answered
    /// @return share wei due to the answerer if the batch becomes final
    function demand(
        Question calldata question
    )
        external
        view
        returns (
            Status status,
            uint256 bond,
            uint256 fee,
            uint256 endsAt,
            uint256 endsAtBlock,
            address answerer,
            uint256 share
        );

    /// @notice The id of a question.
    function id(Question calldata question) external pure returns (bytes32 demandId);

    /// @notice Root of the list that the executor answered for a segment: 1,024 places, each inner value at its number
    /// modulo 1,024. Zero while it has not.
    function segmentRoot(bytes32 batchId, uint32 leaf, uint32 segment) external view returns (bytes32);

    /// @notice The least bond for `length` bytes (32 for each root; an operator counts as 1,024) of a batch at a base
    /// fee.
    function bondFor(bytes32 batchId, uint256 length, uint256 baseFee) external view returns (uint256);
}
