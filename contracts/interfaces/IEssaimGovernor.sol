// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title EssaimGovernor
/// @notice Holders of MIEL decide: liquid and staked tokens vote, each once, at the second in which a proposal's vote
/// begins. What passes waits in the timelock, and reaches only what the timelock can reach: parameters within their
/// bounds, new judges, the treasury, the guardian. Escrow, stakes, claims and judges that are there it cannot touch.
/// @dev OpenZeppelin's Governor with settings, simple counting, votes, quorum as a fraction, late-quorum protection and
/// timelock; clock in seconds (ERC-6372). Votes, delegation and reasons by signature too. Its own settings have hard
/// bounds, so that no majority can lock the others out.
interface IEssaimGovernor {
    /// @notice A setting outside its hard bounds.
    error EssaimGovernor_Bounds(bytes32 setting, uint256 value, uint256 least, uint256 most);
}
