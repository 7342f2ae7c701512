// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Malformed
/// @notice Faults of programs and of their declared inputs.
interface IMalformed {
    /// @notice Why a program is barred; zero where it is not.
    function barred(bytes32 programId) external view returns (bytes32 reason);

    /// @notice Whether the proof shows an input outside what the program declares.
    function inputFault(bytes32 programId, bytes32 inputsRoot, bytes calldata proof) external view returns (bool);
}
