// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Registry of judges
/// @notice Maps an opcode and a code hash to the judge contract with that code. A program names its judges by code
/// hash, so what is added here later can never change how an existing program is judged: the registry only grows.
interface IJudgeRegistry {
    struct Entry {
        bytes32 opcode;
        address judge;
    }

    event Added(bytes32 indexed opcode, bytes32 indexed codeHash, address judge);

    /// @notice Only the timelock adds judges.
    error JudgeRegistry_NotTimelock(address sender);
    /// @notice There is no code at this address.
    error JudgeRegistry_NoCode(address judge);
    /// @notice This opcode already has a judge with this code.
    error JudgeRegistry_Taken(bytes32 opcode, bytes32 codeHash);

    function timelock() external view returns (address);

    /// @notice Adds a judge for an opcode, under the hash of its code.
    function add(bytes32 opcode, address judge) external;

    /// @notice The judge with this code for this opcode; zero if there is none.
    function judge(bytes32 opcode, bytes32 codeHash) external view returns (address);
}
