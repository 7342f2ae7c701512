// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IReputationRegistry} from "../interfaces/IReputationRegistry.sol";

/// @notice What is stored of feedback, and which of it is asked for.
abstract contract FeedbackRows is IReputationRegistry {
    struct Row {
        // slot 0
        int128 value;
        uint8 decimals;
        bool revoked;
        // slot 1 and on
        string tag1;
        string tag2;
    }

    /// @dev What a list of feedback is narrowed to; hashes of tags, zero where any will do.
    struct Filter {
        bytes32 tag1;
        bytes32 tag2;
        bool revoked;
    }

    /// @dev A client's feedback in order; index 1 stands first.
    mapping(uint256 agentId => mapping(address client => Row[])) internal _rows;
    mapping(uint256 agentId => address[]) internal _clients;

    /// @inheritdoc IReputationRegistry
    function getClients(uint256 agentId) external view returns (address[] memory) {
        return _clients[agentId];
    }

    /// @inheritdoc IReputationRegistry
    function getLastIndex(uint256 agentId, address clientAddress) public view returns (uint64) {
        return uint64(_rows[agentId][clientAddress].length);
    }

    function _row(uint256 agentId, address client, uint64 index) internal view returns (Row storage) {
        require(index != 0 && index <= getLastIndex(agentId, client), ReputationRegistry_None(agentId, client, index));
        return _rows[agentId][client][index - 1];
    }

    function _passes(Row storage row, Filter memory filter) internal view returns (bool) {
        return
            (filter.revoked || !row.revoked) &&
            (filter.tag1 == 0 || filter.tag1 == keccak256(bytes(row.tag1))) &&
            (filter.tag2 == 0 || filter.tag2 == keccak256(bytes(row.tag2)));
    }

    function _filter(string memory tag1, string memory tag2, bool revoked) internal pure returns (Filter memory) {
        return Filter(_hash(tag1), _hash(tag2), revoked);
    }

    function _hash(string memory tag) private pure returns (bytes32) {
        return bytes(tag).length == 0 ? bytes32(0) : keccak256(bytes(tag));
    }
}
