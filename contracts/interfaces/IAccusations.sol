// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Accusations
/// @notice Who said first, without saying what. A challenger commits to its whole proof before it shows it, so a proof
/// seen in the mempool is worth nothing to whoever copies it, and a commitment to no proof is worth nothing at all.
/// @dev An accusation is `keccak256(tag ‖ batchId ‖ keccak256(proof) ‖ challenger ‖ salt)`. How old it has to be and may
/// become is `IParameters.accusationRules` when it is made.
interface IAccusations {
    event Accused(bytes32 indexed accusation);

    /// @notice Nobody has made this accusation.
    error Accusations_None(bytes32 accusation);
    /// @notice The accusation is too few blocks old; a proof must come in a later one.
    error Accusations_TooSoon(bytes32 accusation);
    /// @notice The accusation is too old.
    error Accusations_Expired(bytes32 accusation);

    /// @notice Makes an accusation. The earliest counts: accusing again changes nothing.
    function accuse(bytes32 accusation) external;

    /// @notice Reverts unless `challenger` made this accusation, and its age is what the rules under which it was made
    /// ask for.
    function check(bytes32 batchId, bytes32 proofDigest, address challenger, bytes32 salt) external view;

    /// @notice Time (seconds) and block of an accusation, the least age in blocks and the highest in seconds at which it
    /// counts; zeros if there is none.
    function madeAt(
        bytes32 accusation
    ) external view returns (uint64 time, uint64 blockNumber, uint32 minBlocks, uint32 maxSeconds);
}
