// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Bars what it is told to bar, and takes the proof's first byte for its verdict on an input.
contract Malformed__Mock {
    mapping(bytes32 programId => bytes32) public barred;

    function bar(bytes32 programId, bytes32 reason) external {
        barred[programId] = reason;
    }

    function inputFault(bytes32, bytes32, bytes calldata proof) external pure returns (bool) {
        return proof[0] == 0x01;
    }
}
